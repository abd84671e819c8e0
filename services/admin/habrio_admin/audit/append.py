"""An entry is appended to the audit log, in the transaction of what it tells of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_admin.audit.models import AuditEntry, AuditHead
from habrio_admin.audit.rules import Content, Step, hash_of
from habrio_shared.database import db_now

HEAD = 1


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does what to what, and why; the same for each step of an act."""

    act_id: str
    admin_id: int
    admin_phone: str
    action: str
    target: str
    given: dict[str, Any]
    reason: str
    request_id: str


def lock(session: Session) -> AuditHead:
    """The chain's head, locked until the transaction ends: nobody else appends meanwhile."""
    return session.get_one(AuditHead, HEAD, with_for_update=True)


def append(
    session: Session,
    doing: Doing,
    step: Step,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    refusal: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write the next entry; its instant is the database's, read behind the lock, so entries are in its order too."""
    head = lock(session)
    content = Content(
        **asdict(doing),
        number=head.number + 1,
        previous_hash=head.hash,
        step=step,
        before=before,
        after=after,
        refusal=refusal,
        at=session.execute(select(db_now())).scalar_one(),
    )
    entry = AuditEntry(**asdict(content), hash=hash_of(content))
    session.add(entry)
    head.number, head.hash = entry.number, entry.hash
    session.flush()
    return entry


def current_request_id() -> str:
    """The id of the request being answered."""
    request_id: str = g.request_id
    return request_id
