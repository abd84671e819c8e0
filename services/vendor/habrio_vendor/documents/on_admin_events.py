"""Administrators review documents."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import acts
from habrio_shared.contracts.acts import REVIEW_DOCUMENT, Facts, ReviewDocument
from habrio_vendor.documents.models import Document
from habrio_vendor.documents.queries import locked_document
from habrio_vendor.documents.review import review


@acts.on(REVIEW_DOCUMENT)
def on_review(session: Session, act: ReviewDocument) -> acts.Change:
    """DocumentNotFound."""
    document = locked_document(session, act.document_id)
    before = _facts(document)
    review(session, document, act.decision, act.reason)
    return acts.Change(before, _facts(document))


def _facts(document: Document) -> Facts:
    return {"status": document.status, "reason": document.reason}
