"""The owners' replies to acts: what they changed, or why they refused."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_admin.acts.end import end
from habrio_shared import outbox
from habrio_shared.contracts import acts
from habrio_shared.contracts.acts import Act, ActOutcome
from habrio_shared.contracts.message import Message

ACTS: tuple[Message[Act, ActOutcome], ...] = tuple(value for value in vars(acts).values() if isinstance(value, Message))
"""Every act of the contract: none can be promised whose end nobody would write down."""


def on_outcome(session: Session, act: Act, outcome: ActOutcome) -> None:
    """Whatever the act was."""
    end(session, act.act_id, outcome)


for _message in ACTS:
    outbox.on_reply(_message)(on_outcome)
