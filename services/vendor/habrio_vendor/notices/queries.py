"""Reading notices."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from habrio_shared.database import db_now, reading
from habrio_vendor.notices.models import Notice
from habrio_vendor.orders.models import VendorOrder


def due_order_ids(limit: int) -> list[int]:
    """The orders whose notices are due, the longest waiting first."""
    due = Notice.due_at <= select(db_now()).scalar_subquery()  # read once, so that the index can be searched for it
    with reading() as session:
        return list(session.scalars(select(Notice.order_id).where(due).order_by(Notice.due_at).limit(limit)))


def claimed(order_id: int, claim: int) -> tuple[Notice, VendorOrder] | None:
    """The notice and its order with its lines, if that claim still stands."""
    query = (
        select(Notice, VendorOrder)
        .join(VendorOrder, VendorOrder.order_id == Notice.order_id)
        .where(Notice.order_id == order_id, Notice.claims == claim, Notice.outcome.is_(None))
        .options(selectinload(VendorOrder.lines))
    )
    with reading() as session:
        found = session.execute(query).one_or_none()
    return None if found is None else (found[0], found[1])
