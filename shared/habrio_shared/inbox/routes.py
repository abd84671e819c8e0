"""`POST /internal/messages/<kind>`: where other services' outboxes deliver."""

from __future__ import annotations

from typing import Any

from flask import request
from pydantic_core import from_json

from habrio_shared.api import ApiBlueprint
from habrio_shared.errors import BadRequest, Unauthorized
from habrio_shared.identity import Caller, internal_only
from habrio_shared.inbox.receive import MessageIdReused, UnknownKind, receive, taking
from habrio_shared.outbox.put import KEY
from habrio_shared.outbox.transport import MESSAGE_ID_HEADER
from habrio_shared.schemas import Answer

blueprint = ApiBlueprint("messages")


class Receipt(Answer):
    """The message has been taken, now or before; `reply` is in the words of its contract."""

    reply: dict[str, Any]


class NoMessageId(BadRequest):
    word = "no_message_id"
    sentence = f"{MESSAGE_ID_HEADER} must be at most 200 letters, digits, dots, dashes, colons and underscores"


@blueprint.post("/internal/messages/<kind>", errors=(UnknownKind, MessageIdReused, NoMessageId))
@internal_only("auth", "consumer", "vendor", "admin", "agent")
def take(kind: str, caller: Caller) -> Receipt:
    """Take one message; only its contract's sender may send it."""
    if caller.issuer != taking(kind).message.sender:
        raise Unauthorized
    message_id = request.headers.get(MESSAGE_ID_HEADER, "")
    if not KEY.fullmatch(message_id):
        raise NoMessageId
    return Receipt(reply=receive(kind, message_id, _body()))


def _body() -> object:
    try:
        return from_json(request.get_data(), allow_inf_nan=False)
    except ValueError as error:  # no JSON, or nested too deep
        raise BadRequest from error
