"""Making time pass for one order of a running platform, so that no test has to sit through half an hour."""

from __future__ import annotations

from sqlalchemy import create_engine, update
from sqlalchemy.orm import Session

from habrio_shared.database import after
from habrio_vendor.orders.models import VendorOrder
from tests.support.stack import Stack


def let_time_run_out(stack: Stack, order_id: int) -> None:
    """Whoever the order waits for has not answered in time: the timer finds it due."""
    engine = create_engine(stack.database_url("vendor"))
    try:
        with Session(engine) as session, session.begin():
            session.execute(update(VendorOrder).where(VendorOrder.order_id == order_id).values(due_at=after(-1)))
    finally:
        engine.dispose()
