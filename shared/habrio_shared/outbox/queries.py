"""Looking after the outbox: how much waits, what fails, what can go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, func, or_, select, update
from sqlalchemy.orm import Session

from habrio_shared.database import after, db_now
from habrio_shared.outbox.deliver import ALARMING_ATTEMPTS
from habrio_shared.outbox.tables import outbox

KEPT_DAYS = 30
IN_FLIGHT_MAX = 100
WAITING = outbox.c.done_at.is_(None)


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many messages wait, for how long the oldest, and how many of them failed 20 times or more."""

    depth: int
    oldest_seconds: float
    failing: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is not delivered yet."""

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


def failing(
    session: Session, *, limit: int = 50, tries: int = ALARMING_ATTEMPTS, before: datetime | None = None
) -> list[Waiting]:
    """Up to `limit` messages that somebody should look at, the newest first: at least so many tries have failed.

    Only those put before `before`, if it is given.
    """
    conditions = [outbox.c.attempts >= tries]
    if before is not None:
        conditions.append(outbox.c.created_at < before)
    return _waiting(session, *conditions, limit=limit)


def in_flight(session: Session, order_id: int, *, keys: Collection[str] = ()) -> list[Waiting]:
    """Up to 100 undelivered messages about this order, the newest first: its number is in their body, or they have one
    of these keys."""
    is_about = outbox.c.body["order_id"].as_integer() == order_id
    return _waiting(session, or_(is_about, outbox.c.key.in_(keys)), limit=IN_FLIGHT_MAX)


def _waiting(session: Session, *conditions: ColumnElement[bool], limit: int) -> list[Waiting]:
    columns = [outbox.c[name] for name in Waiting.__dataclass_fields__]
    query = select(*columns).where(WAITING, *conditions)
    newest = query.order_by(outbox.c.created_at.desc(), outbox.c.id.desc()).limit(limit)
    return [Waiting(**row._mapping) for row in session.execute(newest)]


def retry_now(session: Session, row_id: int) -> bool:
    """Make a waiting message due at once; False if there is none with this id or it is delivered."""
    change = update(outbox).where(outbox.c.id == row_id, WAITING).values(next_try_at=db_now())
    return bool(cast("CursorResult[Any]", session.execute(change)).rowcount)


def purge(session: Session, older_than_days: int = KEPT_DAYS) -> int:
    """Delete what was delivered so long ago; the number deleted. What waits stays, however old."""
    too_old = outbox.c.done_at < select(after(-older_than_days * 86_400)).scalar_subquery()
    return cast("CursorResult[Any]", session.execute(delete(outbox).where(too_old))).rowcount
