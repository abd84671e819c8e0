"""Reading orders for an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from habrio_consumer.orders.errors import OrderNotFound
from habrio_consumer.orders.models import Order
from habrio_consumer.orders.rules import OrderStatus
from habrio_shared import ledger
from habrio_shared.database import reading


@dataclass(frozen=True, slots=True)
class Filters:
    """Which orders; None: of any. `since` and `until` bound the time of ordering, the second excluded."""

    status: OrderStatus | None = None
    user_id: int | None = None
    shop_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def page_of_orders(filters: Filters, *, limit: int, before_id: int | None) -> list[Order]:
    """Up to `limit` orders with their lines, newest first, older than `before_id` if given; two queries in all."""
    query = select(Order).options(selectinload(Order.lines)).order_by(Order.id.desc()).limit(limit)
    if filters.status is None:
        query = query.where(Order.status != "failed")
    else:
        query = query.where(Order.status == filters.status)
    if filters.user_id is not None:
        query = query.where(Order.user_id == filters.user_id)
    if filters.shop_id is not None:
        query = query.where(Order.shop_id == filters.shop_id)
    if filters.since is not None:
        query = query.where(Order.created_at >= filters.since)
    if filters.until is not None:
        query = query.where(Order.created_at < filters.until)
    if before_id is not None:
        query = query.where(Order.id < before_id)
    with reading() as session:
        return list(session.scalars(query))


def whole_order(order_id: int) -> tuple[Order, list[ledger.MoneyMove]]:
    """The order with lines and timeline, and what moved for it; OrderNotFound. Four queries.

    A top-up's reference is its payer's own word, so top-ups are no movements of an order whatever they say.
    """
    query = select(Order).where(Order.id == order_id).options(selectinload(Order.lines), selectinload(Order.timeline))
    with reading() as session:
        order = session.scalars(query).one_or_none()
        if order is None:
            raise OrderNotFound
        return order, ledger.moves_of(session, f"order:{order_id}", except_kind="topup")
