"""An administrator acts: what is wanted is written down with the promise to have it done, and then it is done."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_admin.acts.errors import ActUnfinished, refused
from habrio_admin.acts.schemas import Acted
from habrio_admin.audit.append import Doing, append, current_request_id, lock
from habrio_admin.audit.queries import end_of, unfinished_on
from habrio_admin.audit.rules import shown
from habrio_shared import acts, idempotency, outbox
from habrio_shared.contracts.acts import Act, ActOutcome, ActRefusal
from habrio_shared.contracts.message import Message
from habrio_shared.database import reading, transaction
from habrio_shared.identity import Caller
from habrio_shared.outbox.tables import outbox as outbox_rows

ActT = TypeVar("ActT", bound=Act)

ACCEPTED = 202
IN_TURN_SECONDS = 3.0
LATER = "This will be carried out as soon as the service that it concerns is back"


def new_id() -> str:
    """An act's id: random, so that a database which was set back meets no act of its former life at its owners."""
    return uuid.uuid4().hex


def key_of(act_id: str) -> str:
    """The id of the act's message, and what the client's key that asked for it has made."""
    return f"act:{act_id}"


def act(
    caller: Caller, message: Message[ActT, ActOutcome], wanted: ActT, *, target: str, done: str
) -> tuple[Acted, int]:
    """200 with the sentence `done` and what changed; 202 when the owner's word is not known within 3 s.

    Nothing is done that was not written down before, and what is written down is carried out, once, be it by the relay.
    The refusal of the owner; ActUnfinished while an earlier act on `target` waits for its owner, or others are quicker
    for 3 s: nothing is written down then.
    """
    given = wanted.model_dump(mode="json", exclude={"act_id", "reason"})
    doing = _doing(caller, wanted.act_id, message.kind.removeprefix("acts."), target, given, wanted.why)
    act_id = _ask_in_turn(doing, message, wanted)
    _deliver(act_id)
    return _outcome(act_id, done)


def act_here(
    caller: Caller,
    action: str,
    change: Callable[[Session], acts.Change],
    *,
    target: str,
    given: dict[str, Any],
    done: str,
) -> tuple[Acted, int]:
    """The same for what is this service's own: the change and its one entry are one transaction."""
    doing = _doing(caller, new_id(), action, target, given, "")
    with transaction() as session:
        idempotency.claim(session)
        made = change(session)
        append(session, doing, "done", before=made.before, after=made.after)
        answer = Acted(message=done, act_id=doing.act_id, before=shown(made.before), after=shown(made.after))
        idempotency.remember(session, answer)
    return answer, 200


def _doing(caller: Caller, act_id: str, action: str, target: str, given: dict[str, Any], reason: str) -> Doing:
    return Doing(
        act_id=act_id,
        admin_id=caller.user_id,
        admin_phone=caller.phone,
        action=action,
        target=target,
        given=given,
        reason=reason,
        request_id=current_request_id(),
    )


def _ask_in_turn(doing: Doing, message: Message[ActT, ActOutcome], wanted: ActT) -> str:
    """The same as `_ask`, after those that came first; they are helped to their end."""
    deadline = time.monotonic() + IN_TURN_SECONDS
    while True:
        try:
            return _ask(doing, message, wanted)
        except ActUnfinished as earlier:
            _deliver(earlier.act_id)
            if end_of(earlier.act_id) is None or time.monotonic() > deadline:
                raise


def _ask(doing: Doing, message: Message[ActT, ActOutcome], wanted: ActT) -> str:
    """Write it down and promise it; the id of the act, or of that which the client's key has asked for before."""
    try:
        with transaction() as session:
            idempotency.claim(session)
            lock(session)
            earlier = unfinished_on(session, doing.target)
            if earlier is not None:
                raise ActUnfinished(earlier.act_id)
            append(session, doing, "asked")
            outbox.put(session, message, key_of(doing.act_id), wanted)
            later = Acted(message=LATER, act_id=doing.act_id)
            idempotency.remember(session, later, ACCEPTED, subject=key_of(doing.act_id))
    except idempotency.Replayed as first:
        return str(first.answer["act_id"])
    return doing.act_id


def _deliver(act_id: str) -> None:
    """Have the owner carry it out now; nothing happens if that is done already."""
    query = select(outbox_rows.c.id).where(outbox_rows.c.key == key_of(act_id), outbox_rows.c.done_at.is_(None))
    with reading() as session:
        row_id = session.scalar(query)
    if row_id is not None:
        outbox.deliver(outbox.RowId(row_id))


def _outcome(act_id: str, done: str) -> tuple[Acted, int]:
    end = end_of(act_id)
    if end is None:
        return Acted(message=LATER, act_id=act_id), ACCEPTED
    if end.refusal is not None:
        raise refused(ActRefusal.model_validate(end.refusal))
    return Acted(message=done, act_id=act_id, before=shown(end.before or {}), after=shown(end.after or {})), 200
