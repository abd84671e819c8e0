"""What administrators ask of the consumer service."""

from __future__ import annotations

from datetime import date
from typing import Any

from habrio_shared.asking import ask
from habrio_shared.contracts import stats
from habrio_shared.contracts.customers import (
    CUSTOMER_PATH,
    ORDER_PATH,
    ORDERS_PATH,
    CustomerOut,
    CustomerSummary,
    OrderDetail,
    OrderOut,
    OrderPage,
)


def orders(*, limit: int, cursor: int | None = None, **filters: Any) -> OrderPage:
    """One page of orders, newest first."""
    return ask("consumer", ORDERS_PATH, OrderPage, {"limit": limit, "cursor": cursor, **filters})


def order(order_id: int) -> OrderDetail:
    """One order with all that hangs on it; NotFound."""
    return ask("consumer", ORDER_PATH.format(order_id=order_id), OrderOut).order


def customer(user_id: int) -> CustomerSummary:
    """A user as a customer."""
    return ask("consumer", CUSTOMER_PATH.format(user_id=user_id), CustomerOut).customer


def figures(since: date, until: date, zone: str) -> stats.OrdersOut:
    """What was ordered and cancelled each day."""
    days = {"since": since.isoformat(), "until": until.isoformat(), "zone": zone}
    return ask("consumer", stats.ORDERS_PATH, stats.OrdersOut, days)
