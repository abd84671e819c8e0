"""Making time pass for what waits on a running platform, so that no test has to sit through minutes."""

from __future__ import annotations

from sqlalchemy import Update, create_engine, select, update
from sqlalchemy.orm import Session

from habrio_shared.database import after
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.payouts.models import Payout
from tests.support.stack import Stack


def let_time_run_out(stack: Stack, order_id: int) -> None:
    """Whoever the order waits for, if it does, has not answered in time: the timer finds it due."""
    waiting = VendorOrder.status.in_(("pending", "awaiting_consumer_confirmation"))
    due = update(VendorOrder).where(VendorOrder.order_id == order_id, waiting).values(due_at=after(-1))
    _in_vendor_database(stack, due)


def let_payouts_be_due(stack: Stack) -> None:
    """Who had a payout in hand is taken for dead, and what was put off is tried again: the next scan finds it."""
    open_ones = select(Payout.id).where(Payout.settled_at.is_(None)).with_for_update(skip_locked=True)
    _in_vendor_database(stack, update(Payout).where(Payout.id.in_(open_ones)).values(next_try_at=after(-1)))


def _in_vendor_database(stack: Stack, change: Update) -> None:
    engine = create_engine(stack.database_url("vendor"))
    try:
        with Session(engine) as session, session.begin():
            session.execute(change)
    finally:
        engine.dispose()
