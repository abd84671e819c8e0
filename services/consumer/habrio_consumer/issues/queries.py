"""Reading issues."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from habrio_consumer.issues.models import Issue
from habrio_shared.database import reading


def issues_of(order_id: int) -> list[Issue]:
    """The order's issues, newest first; whose order it is the caller knows."""
    with reading() as session:
        return list(session.scalars(select(Issue).where(Issue.order_id == order_id).order_by(Issue.id.desc())))


def number_of(session: Session, order_id: int) -> int:
    """How many issues the order has."""
    return session.scalar(select(func.count()).select_from(Issue).where(Issue.order_id == order_id)) or 0
