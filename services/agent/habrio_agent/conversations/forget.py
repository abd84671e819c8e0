"""Housekeeping: turns that are older than they are kept, and budgets of days that are long over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute

from habrio_agent.budgets.models import Budget
from habrio_agent.conversations.models import Turn
from habrio_agent.settings import current_settings
from habrio_shared.database import after, transaction, try_lock

DAY_SECONDS = 86_400
BATCH_ROWS = 1000


def forget() -> int:
    """Delete what is older than it is kept, in short transactions; how many rows."""
    turns = _purge(Turn.id, Turn.created_at, current_settings().agent_turns_kept_days)
    return turns + _purge(Budget.user_id, Budget.ends_at, 1)


def _purge(key: InstrumentedAttribute[int], moment: InstrumentedAttribute[datetime], days: int) -> int:
    count = 0
    earliest = select(after(-days * DAY_SECONDS)).scalar_subquery()  # asked once, so that the index serves
    while True:
        with transaction() as session:
            if not try_lock(session, "housekeeping"):
                return count
            some = select(key).where(moment < earliest).limit(BATCH_ROWS)
            deleted = len(session.scalars(delete(key.class_).where(key.in_(some)).returning(key)).all())
        count += deleted
        if deleted < BATCH_ROWS:
            return count
