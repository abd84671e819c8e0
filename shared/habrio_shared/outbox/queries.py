"""Looking after the outbox: how much waits, what fails, what can go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from habrio_shared.database import after, db_now
from habrio_shared.outbox.deliver import ALARMING_ATTEMPTS
from habrio_shared.outbox.tables import outbox

KEPT_DAYS = 30
WAITING = outbox.c.done_at.is_(None)


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many messages wait, for how long the oldest, and how many of them failed 20 times or more."""

    depth: int
    oldest_seconds: float
    failing: int


@dataclass(frozen=True, slots=True)
class Failing:
    """A message that is still not delivered after 20 tries or more."""

    id: int
    key: str
    kind: str
    target: str
    attempts: int
    last_error: str | None
    created_at: datetime
    next_try_at: datetime


def backlog(session: Session) -> Backlog:
    """What waits now."""
    failing = func.count().filter(outbox.c.attempts >= ALARMING_ATTEMPTS)
    oldest, now = func.min(outbox.c.created_at), select(db_now()).scalar_subquery()
    query = select(func.count().label("depth"), failing.label("failing"), oldest.label("oldest"), now.label("now"))
    row = session.execute(query.where(WAITING)).one()
    age = row.now - row.oldest if row.depth else timedelta()
    return Backlog(row.depth, max(age.total_seconds(), 0.0), row.failing)


def failing(session: Session, *, limit: int = 50) -> list[Failing]:
    """Up to `limit` messages that somebody should look at, the newest first."""
    columns = [outbox.c[name] for name in Failing.__dataclass_fields__]
    query = select(*columns).where(WAITING, outbox.c.attempts >= ALARMING_ATTEMPTS)
    return [Failing(**row._mapping) for row in session.execute(query.order_by(outbox.c.id.desc()).limit(limit))]


def retry_now(session: Session, row_id: int) -> bool:
    """Make a waiting message due at once; False if there is none with this id or it is delivered."""
    change = update(outbox).where(outbox.c.id == row_id, WAITING).values(next_try_at=db_now())
    return bool(cast("CursorResult[Any]", session.execute(change)).rowcount)


def purge(session: Session, older_than_days: int = KEPT_DAYS) -> int:
    """Delete what was delivered so long ago; the number deleted. What waits stays, however old."""
    too_old = outbox.c.done_at < select(after(-older_than_days * 86_400)).scalar_subquery()
    return cast("CursorResult[Any]", session.execute(delete(outbox).where(too_old))).rowcount
