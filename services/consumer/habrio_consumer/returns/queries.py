"""Reading returns."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from habrio_consumer.returns.models import Return
from habrio_shared.database import reading


def known_returns(session: Session, order_id: int) -> list[Return]:
    """The order's returns with their lines, those that are asked for included; the order's lock is theirs too."""
    query = (
        select(Return)
        .where(Return.order_id == order_id, Return.status != "refused")
        .options(selectinload(Return.lines))
        .order_by(Return.id)
    )
    return list(session.scalars(query))


def returns_of(order_id: int) -> list[Return]:
    """The same without a lock, oldest first; two queries at most."""
    with reading() as session:
        return known_returns(session, order_id)


def return_by_id(return_id: int) -> Return:
    """The return's row alone, as it is now."""
    with reading() as session:
        return session.get_one(Return, return_id)
