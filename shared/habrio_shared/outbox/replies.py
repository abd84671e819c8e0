"""What the sender does with the reply to each kind of message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from habrio_shared.contracts.message import BodyT, Message, ReplyT

OnReply = Callable[[Session, BodyT, ReplyT], None]


@dataclass(frozen=True, slots=True)
class Sending:
    """A kind of message and the handler of its replies."""

    message: Message[Any, Any]
    handler: OnReply[Any, Any]


class NoReplyHandler(LookupError):
    """This process does not know what to do with the reply, so it may not call the message delivered."""


_sendings: dict[str, Sending] = {}


def on_reply(message: Message[BodyT, ReplyT]) -> Callable[[OnReply[BodyT, ReplyT]], OnReply[BodyT, ReplyT]]:
    """Register the handler of the replies to `message`, called once in the transaction that marks the message done.

    Every kind that is sent needs one, imported wherever it is sent or relayed; `do_nothing` where nothing follows.
    A handler that raises rolls back; the message is sent again later and the target repeats its reply.
    """

    def register(handler: OnReply[BodyT, ReplyT]) -> OnReply[BodyT, ReplyT]:
        if message.kind in _sendings:
            raise ValueError(f"{message.kind} has a reply handler already")
        _sendings[message.kind] = Sending(message, handler)
        return handler

    return register


def do_nothing(_session: Session, _body: BaseModel, _reply: BaseModel) -> None:
    """The reply handler of a message whose delivery is all that matters."""


def sending(kind: str) -> Sending:
    """The message of this kind and its reply handler; NoReplyHandler if none was imported."""
    try:
        return _sendings[kind]
    except KeyError:
        raise NoReplyHandler(f"no reply handler for {kind} is imported here") from None
