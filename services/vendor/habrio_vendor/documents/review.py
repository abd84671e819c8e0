"""An administrator approves or rejects a document."""

from __future__ import annotations

from sqlalchemy import select

from habrio_shared.contracts.kyc import REVIEWED, Review
from habrio_shared.database import db_now, transaction
from habrio_vendor.documents.errors import DocumentNotFound
from habrio_vendor.documents.models import Document
from habrio_vendor.documents.queries import business_name


def review(document_id: int, given: Review) -> tuple[Document, str | None]:
    """The document as it is then, and its vendor's business; the last decision counts. DocumentNotFound."""
    with transaction() as session:
        query = select(Document).where(Document.id == document_id).with_for_update()
        document = session.scalars(query).one_or_none()
        if document is None:
            raise DocumentNotFound
        status = REVIEWED[given.decision]
        if (document.status, document.reason) != (status, given.reason):
            document.status, document.reason, document.reviewed_at = status, given.reason, db_now()
            session.flush()
            session.refresh(document)
        return document, business_name(session, document.vendor_id)
