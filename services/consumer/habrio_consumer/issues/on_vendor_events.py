"""The vendor service says how issues were resolved."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.issues.follow import follow
from habrio_shared import inbox
from habrio_shared.contracts.issues import RESOLVED, IssueResolved
from habrio_shared.contracts.users import Noted


@inbox.on(RESOLVED)
def on_resolved(session: Session, resolved: IssueResolved) -> Noted:
    follow(session, resolved)
    return Noted()
