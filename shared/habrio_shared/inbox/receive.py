"""Taking a message: its effect and the note that it was taken are one transaction, so a repeat has no effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from flask import current_app
from sqlalchemy import JSON, bindparam, select, update
from sqlalchemy.orm import Session

from habrio_shared import faults
from habrio_shared.api import validated
from habrio_shared.contracts.message import BodyT, Message, ReplyT
from habrio_shared.database import db_now, insert_ignore, transaction
from habrio_shared.errors import Conflict, HabrioError, NotFound
from habrio_shared.inbox.tables import inbox
from habrio_shared.outbox.deliver import deliver
from habrio_shared.outbox.put import RowId, left_to_relay

Handler = Callable[[Session, BodyT], ReplyT]

AFTER_INSERT = faults.declare("inbox.after_insert")


class UnknownKind(NotFound):
    word = "unknown_message_kind"
    sentence = "This service takes no messages of this kind"


class MessageIdReused(Conflict):
    word = "message_id_reused"
    sentence = "A message of another kind had this id"


@dataclass(frozen=True, slots=True)
class Taking:
    """A kind of message and its handler."""

    message: Message[Any, Any]
    handler: Handler[Any, Any]


_takings: dict[str, Taking] = {}
_to_deliver: ContextVar[list[RowId[Any]]] = ContextVar("habrio_inbox_to_deliver")

ANSWERED: Final = (
    update(inbox).where(inbox.c.message_id == bindparam("taken_id")).values(reply=bindparam("answered", type_=JSON))
)
AFTERWARDS_SECONDS = 1.0
"""Less than a sender waits for its reply."""


def on(message: Message[BodyT, ReplyT]) -> Callable[[Handler[BodyT, ReplyT]], Handler[BodyT, ReplyT]]:
    """Register the one handler of `message`. It runs in the transaction that notes the message, once for each id.

    A refusal is a reply. A handler that raises, a HabrioError too, has met a bug: all is rolled back, and the sender
    repeats the message for ever. What it puts in the outbox is sent by the relay after the commit.
    """

    def register(handler: Handler[BodyT, ReplyT]) -> Handler[BodyT, ReplyT]:
        if message.kind in _takings:
            raise ValueError(f"{message.kind} has a handler already")
        _takings[message.kind] = Taking(message, handler)
        return handler

    return register


def taking(kind: str) -> Taking:
    """The message of this kind, if it is for this service, and its handler; else UnknownKind."""
    found = _takings.get(kind)
    if found is None or found.message.target != current_app.name:
        raise UnknownKind
    return found


@contextmanager
def _collected() -> Iterator[list[RowId[Any]]]:
    """What the handler within wants to have delivered afterwards."""
    token = _to_deliver.set([])
    try:
        yield _to_deliver.get()
    finally:
        _to_deliver.reset(token)


def receive(kind: str, message_id: str, body: object) -> dict[str, Any]:
    """The reply to this message: the handler's, or the stored one if it was taken before.

    A double that comes while the first is at work waits for it (PostgreSQL: at most lock_timeout, 3 s). UnknownKind,
    ValidationFailed or MessageIdReused when it cannot be taken at all.
    """
    found = taking(kind)
    content = validated(lambda: found.message.body.model_validate(body))
    with transaction() as session, left_to_relay(), _collected() as to_deliver:
        row = {"message_id": message_id, "kind": kind, "received_at": db_now()}
        if not insert_ignore(session, inbox, row):
            return _stored_reply(session, kind, message_id)
        faults.point(AFTER_INSERT)
        try:
            reply = found.handler(session, content).model_dump(mode="json")
        except HabrioError as error:
            raise RuntimeError(f"{kind} {message_id}: refusals are replies, not {error.word}: {error}") from error
        session.execute(ANSWERED, {"taken_id": message_id, "answered": reply})
    for row_id in to_deliver:
        deliver(row_id, AFTERWARDS_SECONDS)
    return dict(reply)


def afterwards(row_id: RowId[Any]) -> None:
    """Within a handler: deliver this message as soon as the handler's transaction is committed, before the reply goes
    out, so that what the sender hears of has reached whom it concerns. The relay does it if that takes too long.

    Only for a target that cannot be waiting for this very request: never the message's own sender.
    """
    _to_deliver.get().append(row_id)


def _stored_reply(session: Session, kind: str, message_id: str) -> dict[str, Any]:
    stored = session.execute(select(inbox).where(inbox.c.message_id == message_id)).one()
    if stored.kind != kind:
        raise MessageIdReused
    return dict(stored.reply)
