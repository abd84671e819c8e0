"""Reading documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from habrio_shared.contracts.kyc import ReviewStatus
from habrio_shared.database import reading
from habrio_shared.paging import newest_of
from habrio_vendor.documents.errors import DocumentNotFound
from habrio_vendor.documents.models import Document
from habrio_vendor.documents.rules import FileKind
from habrio_vendor.profile.models import Profile


class KeptFile(NamedTuple):
    """An uploaded file: its key in the storage, what it is, and how long."""

    key: str
    kind: FileKind
    size_bytes: int


def count_of(session: Session, vendor_id: int) -> int:
    """How many documents the vendor has."""
    query = select(func.count()).select_from(Document).where(Document.vendor_id == vendor_id)
    return session.scalar(query) or 0


def document_of(vendor_id: int, document_id: int) -> Document:
    """One document of this vendor; DocumentNotFound."""
    with reading() as session:
        document = session.get(Document, document_id)
    if document is None or document.vendor_id != vendor_id:
        raise DocumentNotFound
    return document


def locked_document(session: Session, document_id: int) -> Document:
    """A document of whichever vendor, locked until the transaction ends; DocumentNotFound."""
    document = session.get(Document, document_id, with_for_update=True)
    if document is None:
        raise DocumentNotFound
    return document


def file_of(document_id: int) -> KeptFile:
    """The file of a document of whichever vendor; DocumentNotFound, too if it is a link."""
    with reading() as session:
        found = session.get(Document, document_id)
    if found is None or found.file_key is None or found.file_kind is None or found.size_bytes is None:
        raise DocumentNotFound
    return KeptFile(found.file_key, found.file_kind, found.size_bytes)


def documents_of(vendor_id: int, *, limit: int, before_id: int | None) -> Sequence[Document]:
    """Up to `limit` documents of the vendor, newest first; older than `before_id`, if given."""
    query = newest_of(select(Document), {Document.vendor_id: vendor_id}, Document.id, limit=limit, before_id=before_id)
    with reading() as session:
        return session.scalars(query).all()


def page_of_documents(
    *, limit: int, before_id: int | None, status: ReviewStatus | None, vendor_id: int | None
) -> list[tuple[Document, str | None]]:
    """Up to `limit` documents of all vendors, newest first, each with the name of the vendor's business, if any."""
    query = (
        select(Document, Profile.business_name)
        .outerjoin(Profile, Profile.user_id == Document.vendor_id)
        .order_by(Document.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(Document.id < before_id)
    if status is not None:
        query = query.where(Document.status == status)
    if vendor_id is not None:
        query = query.where(Document.vendor_id == vendor_id)
    with reading() as session:
        return [(document, name) for document, name in session.execute(query)]


def keys_in_use(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of these storage keys that a document's file has."""
    used = session.scalars(select(Document.file_key).where(Document.file_key.in_(keys)))
    return {key for key in used if key is not None}
