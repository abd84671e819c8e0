"""Delivering a promised message: send, then settle its reply in one transaction."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from typing import Final, cast

from pydantic import BaseModel
from sqlalchemy import JSON, bindparam, null, select, update
from sqlalchemy.exc import SQLAlchemyError

from habrio_shared import faults
from habrio_shared.contracts.message import ReplyT
from habrio_shared.database import after, db_now, in_transaction, reading_columns, transaction
from habrio_shared.outbox.put import Promised, RowId, left_to_relay
from habrio_shared.outbox.replies import Sending, sending
from habrio_shared.outbox.tables import outbox
from habrio_shared.outbox.transport import Undelivered, current_transport

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.5
PAUSE_MAX_SECONDS = 60.0
PAUSE_MAX_WHILE_AWAY_SECONDS = 10.0
"""Shorter, so that what waited for a target is there soon after it is back; the relay spares it by other means."""

ALARMING_ATTEMPTS = 20
ERROR_LENGTH_MAX = 500

_IS_ROW = outbox.c.id == bindparam("row_id")
STORED: Final = select(outbox).where(_IS_ROW)
SETTLING: Final = select(outbox.c.done_at, outbox.c.reply).where(_IS_ROW).with_for_update()
DONE: Final = (
    update(outbox).where(_IS_ROW).values(done_at=db_now(), reply=bindparam("answered", type_=JSON), last_error=null())
)

BEFORE_SEND = faults.declare("outbox.before_send")
AFTER_SEND = faults.declare("outbox.after_send")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one try: the reply, or None if there is none yet; `is_away` when nothing gets through to the target."""

    reply: BaseModel | None
    is_away: bool = False


def deliver(row_id: RowId[ReplyT], timeout_seconds: float = 3.0) -> ReplyT | None:
    """Send the message now, after the commit, and settle its reply; what was delivered before is not sent again.

    The reply, or None when it is not known as yet: the target is away or slow, or failed. The relay goes on trying,
    so None means "later" and never "no". Calling it inside a transaction is a RuntimeError.
    """
    if in_transaction():
        raise RuntimeError("a message is delivered after the commit, not inside the transaction")
    try:
        return cast("ReplyT | None", attempt(row_id, timeout_seconds).reply)
    except SQLAlchemyError:
        # The change is committed and the message promised: with the database away now, its fate is merely unknown.
        log.exception("outbox row %s: not delivered at once", row_id)
        return None


def attempt(row_id: int, timeout_seconds: float) -> Outcome:
    """Try once to deliver this row; a failure is written down in it with the time of the next try."""
    if isinstance(row_id, RowId) and row_id.fresh is not None:
        row, row_id.fresh = row_id.fresh, None
    else:
        row = _stored(row_id)
    try:
        way = sending(row.kind)
        if row.reply is not None:
            return Outcome(way.message.reply.model_validate(row.reply))
        faults.point(BEFORE_SEND)
        answer = current_transport().send(
            row.target,
            row.kind,
            row.key,
            row.body,
            timeout_seconds,
            {"X-Request-ID": row.request_id, "traceparent": row.traceparent},
        )
        faults.point(AFTER_SEND)
        return Outcome(_settle(row, way, way.message.reply.model_validate(answer)))
    except Undelivered as error:
        _postpone(row, str(error), is_away=error.is_away)
        return Outcome(None, is_away=error.is_away)
    except Exception as error:  # the edge of one delivery: a handler's bug must not leave the row unmarked
        log.warning("message %s: its reply could not be settled", row.key, exc_info=True)
        _postpone(row, f"{type(error).__name__}: {error}", is_away=False)
        return Outcome(None)


def _stored(row_id: int) -> Promised:
    with reading_columns() as connection:
        row = connection.execute(STORED, {"row_id": row_id}).one()
    known = {name: getattr(row, name) for name in Promised.__slots__}
    return Promised(**{**known, "reply": None if row.done_at is None else row.reply})


def _settle(row: Promised, way: Sending, reply: BaseModel) -> BaseModel:
    """Handle the reply and mark the row done, both or neither; if somebody else did, his reply is the one."""
    with transaction() as session, left_to_relay():
        # Locked, and changed only after the handler: whoever puts the same message again holds what the handler waits
        # for, and would wait for a change of the row, not for its lock.
        locked = session.execute(SETTLING, {"row_id": row.id}).one()
        if locked.done_at is not None:
            settled: BaseModel = way.message.reply.model_validate(locked.reply)
            return settled
        way.handler(session, way.message.body.model_validate(row.body), reply)
        session.execute(DONE, {"row_id": row.id, "answered": reply.model_dump(mode="json")})
    return reply


def _postpone(row: Promised, reason: str, *, is_away: bool) -> None:
    attempts = row.attempts + 1
    level = logging.ERROR if attempts >= ALARMING_ATTEMPTS else logging.INFO
    log.log(level, "message %s to %s: try %d failed: %s", row.key, row.target, attempts, reason)
    pause_seconds = back_off_seconds(attempts, PAUSE_MAX_WHILE_AWAY_SECONDS if is_away else PAUSE_MAX_SECONDS)
    change = {
        "attempts": outbox.c.attempts + 1,
        "last_error": reason[:ERROR_LENGTH_MAX],
        "next_try_at": after(pause_seconds),
    }
    with transaction() as session:
        session.execute(update(outbox).where(outbox.c.id == row.id, outbox.c.done_at.is_(None)).values(**change))


def back_off_seconds(attempts: int, longest_seconds: float) -> float:
    """The pause after so many failed tries: 0.5 s, 1 s, 2 s … up to the longest, of which 50 to 100 % at random."""
    doublings = min(attempts - 1, 16)
    pause_seconds = min(FIRST_PAUSE_SECONDS * 2.0**doublings, longest_seconds)
    return pause_seconds * random.uniform(0.5, 1.0)  # noqa: S311 — it spreads the tries, it guards nothing
