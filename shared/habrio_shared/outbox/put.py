"""Promising a message in the transaction of the change that it tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, Generic

from flask import g, has_app_context
from sqlalchemy import Float, Insert, bindparam, select
from sqlalchemy.orm import Session

from habrio_shared import request_ids, telemetry
from habrio_shared.contracts.message import BodyT, Message, ReplyT
from habrio_shared.database import after, db_now, unless_there
from habrio_shared.errors import Conflict
from habrio_shared.outbox.replies import sending
from habrio_shared.outbox.tables import outbox

WRITER_LEASE_SECONDS = 4.0
"""So long the relay leaves a new row to the request that wrote it and delivers it after its commit."""

GIVEN: Final = ("key", "kind", "target", "body", "request_id", "traceparent", "attempts")
STANDING: Final = select(outbox.c.id, outbox.c.kind, outbox.c.body).where(outbox.c.key == bindparam("key"))
KEY = re.compile(r"[A-Za-z0-9._:-]{1,200}")


@dataclass(frozen=True, slots=True)
class Promised:
    """What a delivery needs of an outbox row; `reply` is what was answered, if it is delivered already."""

    id: int
    key: str
    kind: str
    target: str
    body: dict[str, Any]
    request_id: str
    traceparent: str
    attempts: int
    reply: dict[str, Any] | None = None


class RowId(int, Generic[ReplyT]):
    """The id of an outbox row, which remembers what kind of reply its message gets.

    `fresh` is the row as it was just put, for the first to deliver it, who need not read what he wrote. Should the
    relay have been faster, the target repeats its reply.
    """

    fresh: Promised | None = None


class KeyTaken(Conflict):
    """A message with this key and another body was put before, as row `row_id`; that one stands."""

    word = "already_requested"
    sentence = "This was asked for already, in other words"

    def __init__(self, row_id: int) -> None:
        super().__init__()
        self.row_id = row_id


_left_to_relay: ContextVar[bool] = ContextVar("habrio_outbox_left_to_relay", default=False)


@contextmanager
def left_to_relay() -> Iterator[None]:
    """Messages put inside are due at once: they are put by a handler, after which nobody calls `deliver`."""
    token = _left_to_relay.set(True)
    try:
        yield
    finally:
        _left_to_relay.reset(token)


def put(session: Session, message: Message[BodyT, ReplyT], key: str, body: BodyT) -> RowId[ReplyT]:
    """Promise `message`; once the transaction commits it will be delivered, however long that takes.

    `key` is the message's id for sender and target: at most 200 of [A-Za-z0-9._:-], unique in this service for ever.
    The same message put again is the row that is there already; another body under its key is KeyTaken.
    """
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} cannot be the id of a message")
    sending(message.kind)  # better now than when the reply is there
    content = body.model_dump(mode="json")
    row = Promised(
        id=0,
        key=key,
        kind=message.kind,
        target=message.target,
        body=content,
        request_id=request_ids.request_id(g.get("request_id") if has_app_context() else None),
        traceparent=request_ids.traceparent(telemetry.current()),
        attempts=0,
    )
    insert = _insert(session.get_bind().dialect.name)
    given = {name: getattr(row, name) for name in GIVEN}
    lease_seconds = 0.0 if _left_to_relay.get() else WRITER_LEASE_SECONDS
    new: int | None = session.scalar(insert, {**given, "lease_seconds": lease_seconds})
    if new is not None:
        row_id = RowId[ReplyT](new)
        row_id.fresh = replace(row, id=new)
        return row_id
    found = session.execute(STANDING, {"key": key}).one()
    if (found.kind, found.body) != (message.kind, content):
        raise KeyTaken(found.id)
    return RowId(found.id)


@cache
def _insert(dialect_name: str) -> Insert:
    times = {"created_at": db_now(), "next_try_at": after(bindparam("lease_seconds", type_=Float))}
    return unless_there(dialect_name, outbox).values(times).returning(outbox.c.id)
