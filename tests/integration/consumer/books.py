"""The consumer's ledger against its orders: what is held, what is owed, and nothing else."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from habrio_consumer.cart.models import CartLine
from habrio_consumer.orders.models import Order
from habrio_shared import ledger
from habrio_shared.contracts.orders import DELIVERED
from habrio_shared.database import snapshot

HELD = ("placing", "pending", "accepted", "awaiting_consumer_confirmation", "confirmed")


def assert_books_are_right() -> None:
    """The ledger is right in itself; escrow is what open wallet orders cost, due to vendors what delivered ones did."""
    with snapshot() as session:
        found = ledger.verify(session)
        assert found.problems == []
        assert found.totals.get("escrow", 0) == _total(session, *HELD)
        assert found.totals.get("due:vendor", 0) == _due(session)
        left = select(func.count()).join(Order, CartLine.order_id == Order.id).where(Order.status != "placing")
        assert session.scalar(left.select_from(CartLine)) == 0, "lines wait for an order whose fate is known"


def _total(session: Session, *statuses: str) -> int:
    query = select(func.sum(Order.total_paise)).where(Order.payment_mode == "wallet", Order.status.in_(statuses))
    return int(session.scalar(query) or 0)


def _due(session: Session) -> int:
    """What delivered wallet orders cost, less what their returns gave back."""
    query = select(func.sum(Order.total_paise - Order.refunded_paise)).where(
        Order.payment_mode == "wallet", Order.status.in_(DELIVERED)
    )
    return int(session.scalar(query) or 0)
