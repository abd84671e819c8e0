"""An act has ended: the owner's word is appended to the audit log, in the transaction that marks its message done."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_admin.acts.act import key_of
from habrio_admin.audit.append import Doing, append
from habrio_admin.audit.queries import asked
from habrio_shared import idempotency
from habrio_shared.contracts.acts import ActOutcome


def end(session: Session, act_id: str, outcome: ActOutcome) -> None:
    """Done with what it changed, or refused with why; the client's key may then be used anew."""
    began = asked(session, act_id)
    doing = Doing(**{name: getattr(began, name) for name in Doing.__dataclass_fields__})
    if outcome.refusal is None:
        append(session, doing, "done", before=outcome.before, after=outcome.after)
    else:
        append(session, doing, "refused", refusal=outcome.refusal.model_dump())
        idempotency.forget(session, key_of(act_id))
