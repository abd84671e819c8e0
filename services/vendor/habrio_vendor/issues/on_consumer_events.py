"""The consumer service says what is wrong with delivered orders."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import inbox
from habrio_shared.contracts.issues import RAISED, RaiseIssue
from habrio_shared.contracts.users import Noted
from habrio_vendor.issues.take import take


@inbox.on(RAISED)
def on_raised(session: Session, raised: RaiseIssue) -> Noted:
    take(session, raised)
    return Noted()
