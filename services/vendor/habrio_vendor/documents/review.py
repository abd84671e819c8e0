"""An administrator approves or rejects a document."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared.contracts.kyc import REVIEWED, Decision
from habrio_shared.database import db_now
from habrio_vendor.documents.models import Document


def review(session: Session, document: Document, decision: Decision, reason: str) -> None:
    """The last decision on the locked document counts; the same one for the same reason again changes nothing."""
    status = REVIEWED[decision]
    if (document.status, document.reason) != (status, reason):
        document.status, document.reason, document.reviewed_at = status, reason, db_now()
        session.flush()
