"""Reading payouts, with a lock and without."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from habrio_shared.contracts.payouts import PayoutStatus
from habrio_shared.database import db_now, reading
from habrio_shared.paging import newest_of
from habrio_vendor.payouts.models import Payout


def locked(session: Session, payout_id: int) -> Payout:
    """The payout, locked until the transaction ends."""
    return session.scalars(select(Payout).where(Payout.id == payout_id).with_for_update()).one()


def next_due(session: Session) -> Payout | None:
    """The payout that is due for the longest, locked; those that somebody works on are passed over."""
    query = (
        select(Payout)
        # The clock as a scalar subquery is read once, so that the index can be searched for it.
        .where(Payout.settled_at.is_(None), Payout.next_try_at <= select(db_now()).scalar_subquery())
        .order_by(Payout.next_try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).one_or_none()


def how_many_wait() -> int:
    """Payouts that are neither paid nor failed."""
    with reading() as session:
        return session.scalars(select(func.count()).where(Payout.settled_at.is_(None))).one()


def page_of_payouts(
    *, limit: int, before_id: int | None, vendor_id: int | None = None, status: PayoutStatus | None = None
) -> Sequence[Payout]:
    """Up to `limit` payouts, newest first; older than `before_id`, of this vendor, of this status, if given."""
    if vendor_id is not None:
        query = newest_of(select(Payout), {Payout.vendor_id: vendor_id}, Payout.id, limit=limit, before_id=before_id)
    else:
        query = select(Payout).order_by(Payout.id.desc()).limit(limit)
        if before_id is not None:
            query = query.where(Payout.id < before_id)
    if status is not None:
        query = query.where(Payout.status == status)
    with reading() as session:
        return session.scalars(query).all()
