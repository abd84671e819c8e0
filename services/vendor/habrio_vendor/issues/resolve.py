"""An issue gets its answer, from the shop's vendor or from an administrator."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_shared import idempotency, outbox
from habrio_shared.contracts.issues import RESOLVED, IssueResolved
from habrio_shared.contracts.users import Noted
from habrio_shared.database import db_now, transaction
from habrio_shared.schemas import Message
from habrio_vendor.issues.errors import AlreadyResolved, NotYourIssue
from habrio_vendor.issues.models import Issue
from habrio_vendor.issues.queries import locked_issue
from habrio_vendor.shops.queries import shop_id_of

outbox.on_reply(RESOLVED)(outbox.do_nothing)


def resolve_as_vendor(vendor_id: int, issue_id: int, answer: str) -> Message:
    """raised → resolved; the consumer reads the answer with the order. IssueNotFound, NotYourIssue, AlreadyResolved."""
    done = Message(message="The issue has been resolved")
    with transaction() as session:
        idempotency.claim(session)
        shop_id = shop_id_of(session, vendor_id)
        issue = locked_issue(session, issue_id)
        if issue.shop_id != shop_id:
            raise NotYourIssue
        row_id = resolve(session, issue, answer)
        idempotency.remember(session, done)
    outbox.deliver(row_id)
    return done


def resolve(session: Session, issue: Issue, answer: str) -> outbox.RowId[Noted]:
    """The same for a locked issue, with the consumer service's message still to be delivered. AlreadyResolved."""
    if issue.status == "resolved":
        raise AlreadyResolved
    at = session.execute(select(db_now())).scalar_one()
    issue.status = "resolved"
    issue.answer = answer
    issue.resolved_at = at
    session.flush()
    told = IssueResolved(issue_id=issue.id, answer=answer, at=at)
    return outbox.put(session, RESOLVED, f"resolved:{issue.id}", told)
