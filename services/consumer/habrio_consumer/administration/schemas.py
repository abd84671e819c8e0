"""What the admin service is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from habrio_consumer.orders.rules import OrderStatus
from habrio_shared.contracts import stats
from habrio_shared.contracts.customers import CustomerOut, OrderDetail, OrderPage
from habrio_shared.schemas import Answer, Id, Line, PagedQuery


def _of_our_times(moment: datetime) -> datetime:
    """Far from the ends of the calendar, beyond which a change of zone falls."""
    if not 2000 <= moment.year < 3000:
        raise ValueError("must be from the year 2000 on")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_of_our_times)]


class OrdersQuery(PagedQuery):
    status: OrderStatus | None = None
    user_id: Id | None = None
    shop_id: Id | None = None
    since: Moment | None = None
    until: Moment | None = None
    q: Line | None = None
    user_ids: list[Id] | None = Field(default=None, max_length=100)


class OrdersOut(Answer, OrderPage):
    pass


class OrderOut(Answer):
    order: OrderDetail


class CustomerShown(Answer, CustomerOut):
    pass


class FiguresOut(Answer, stats.OrdersOut):
    pass
