"""Carrying out an administrator's acts, in the service that owns what they touch (contracts/acts.py, ADR 0016)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from habrio_shared import inbox
from habrio_shared.contracts.acts import Act, ActOutcome, ActRefusal, Facts
from habrio_shared.contracts.message import Message
from habrio_shared.errors import HabrioError

ActT = TypeVar("ActT", bound=Act)


@dataclass(frozen=True, slots=True)
class Change:
    """What an act touched, before it and after: the same names in both."""

    before: Facts
    after: Facts


CarryOut = Callable[[Session, ActT], Change]


def on(message: Message[ActT, ActOutcome]) -> Callable[[CarryOut[ActT]], CarryOut[ActT]]:
    """Register who carries out this act, in the transaction that notes its message: once, however often it comes.

    A HabrioError below 500 refuses it: whatever was written for it by then is undone, and the refusal is the reply.
    """

    def register(carry_out: CarryOut[ActT]) -> CarryOut[ActT]:
        @inbox.on(message)
        def take(session: Session, act: ActT) -> ActOutcome:
            try:
                with session.begin_nested():
                    change = carry_out(session, act)
            except HabrioError as error:
                if error.status >= 500:
                    raise
                refusal = ActRefusal(status=error.status, word=error.word, message=error.message)
                return ActOutcome(refusal=refusal)
            return ActOutcome(before=change.before, after=change.after)

        return carry_out

    return register
