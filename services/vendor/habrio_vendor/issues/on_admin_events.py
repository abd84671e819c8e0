"""Administrators resolve issues."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import acts, inbox
from habrio_shared.contracts.acts import RESOLVE_ISSUE, ResolveIssue
from habrio_vendor.issues.queries import locked_issue
from habrio_vendor.issues.resolve import resolve


@acts.on(RESOLVE_ISSUE)
def on_resolve(session: Session, act: ResolveIssue) -> acts.Change:
    """The consumer reads the answer with the order. IssueNotFound, AlreadyResolved."""
    issue = locked_issue(session, act.issue_id)
    before = issue.status
    inbox.afterwards(resolve(session, issue, act.answer))
    return acts.Change({"status": before, "answer": ""}, {"status": issue.status, "answer": issue.answer})
