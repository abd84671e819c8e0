"""An issue has its answer: the consumer's row follows the vendor service's."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from habrio_consumer.issues.models import Issue
from habrio_shared.contracts.issues import IssueResolved


def follow(session: Session, resolved: IssueResolved) -> None:
    """It is resolved once; the first answer stands."""
    row = update(Issue).where(Issue.id == resolved.issue_id, Issue.status == "raised")
    session.execute(row.values(status="resolved", answer=resolved.answer, resolved_at=resolved.at))
