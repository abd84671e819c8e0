"""/vendor/documents and /vendor/upload-document, the files behind them, and what the admin service does with them."""

from __future__ import annotations

import logging

from habrio_shared.api import UPLOAD_LIMIT_BYTES, ApiBlueprint, FileAnswer, Upload
from habrio_shared.contracts.kyc import DOCUMENTS_PATH
from habrio_shared.errors import PayloadTooLarge, ValidationFailed
from habrio_shared.identity import Caller, internal_only, public, role_required
from habrio_shared.schemas import PagedQuery, next_cursor
from habrio_vendor.clients.storage import current_storage
from habrio_vendor.documents import links, queries
from habrio_vendor.documents.add import add
from habrio_vendor.documents.errors import (
    DocumentNotFound,
    FileNotAccepted,
    LinkExpired,
    LinkNotValid,
    StorageAway,
    TooManyDocuments,
)
from habrio_vendor.documents.models import Document
from habrio_vendor.documents.rules import CONTENT_TYPES, ENDINGS
from habrio_vendor.documents.schemas import (
    DocumentAdded,
    DocumentData,
    DocumentIn,
    DocumentOut,
    DocumentsOut,
    FileQuery,
    ReviewedDocument,
    ReviewedDocumentsOut,
    ReviewsQuery,
)

log = logging.getLogger(__name__)

bp = ApiBlueprint("documents")


@bp.post(
    "/vendor/upload-document",
    errors=(FileNotAccepted, TooManyDocuments, PayloadTooLarge, StorageAway),
    body_limit_bytes=UPLOAD_LIMIT_BYTES,
)
@role_required("vendor")
def upload_document(body: DocumentIn, upload: Upload | None, caller: Caller) -> DocumentAdded:
    """Send a document, to be reviewed.

    Either JSON with `file_url`, or a multipart form with the part `file`: a PDF, JPEG or PNG; the whole form may have
    5 MiB. What the file is is decided by its content.
    """
    if bool(body.file_url) == bool(upload):
        problem = {"loc": ["file_url"], "msg": "Send either a link as file_url or a file", "type": "value_error"}
        raise ValidationFailed(details={"errors": [problem]})
    document_id = add(caller.user_id, body.document_type, upload or body.file_url)
    return DocumentAdded(message="Your document has been received", document_id=document_id)


@bp.get("/vendor/documents")
@role_required("vendor")
def mine(query: PagedQuery, caller: Caller) -> DocumentsOut:
    """Your documents and how their review stands, newest first."""
    found = queries.documents_of(caller.user_id, limit=query.size + 1, before_id=query.cursor)
    return DocumentsOut(
        documents=[_render(document) for document in found[: query.size]],
        next_cursor=next_cursor([document.id for document in found], query.size),
    )


@bp.get("/vendor/documents/<id:document_id>", errors=(DocumentNotFound,))
@role_required("vendor")
def one(document_id: int, caller: Caller) -> DocumentOut:
    """One document of yours, with a fresh link to its file."""
    return DocumentOut(document=_render(queries.document_of(caller.user_id, document_id)))


@bp.get(links.FILES_RULE, errors=(LinkNotValid, LinkExpired, DocumentNotFound, StorageAway))
@public
def file(document_id: int, query: FileQuery) -> FileAnswer:
    """The file behind a link that a list of documents gave, as long as the link is good."""
    links.check(document_id, query.signature)
    kept = queries.file_of(document_id)
    try:
        stream = current_storage().open(kept.key)
    except OSError as error:
        log.error("the file of document %s cannot be read: %s", document_id, error)
        raise StorageAway from error
    return FileAnswer(
        stream=stream,
        size_bytes=kept.size_bytes,
        content_type=CONTENT_TYPES[kept.kind],
        filename=f"document-{document_id}.{ENDINGS[kept.kind]}",
    )


@bp.get(DOCUMENTS_PATH)
@internal_only("admin")
def list_documents(query: ReviewsQuery) -> ReviewedDocumentsOut:
    """All vendors' documents, newest first."""
    found = queries.page_of_documents(
        limit=query.size + 1, before_id=query.cursor, status=query.status, vendor_id=query.vendor_id
    )
    return ReviewedDocumentsOut(
        documents=[_render_for_admin(document, name) for document, name in found[: query.size]],
        next_cursor=next_cursor([document.id for document, _ in found], query.size),
    )


def _render(document: Document) -> DocumentData:
    url, expires_at = document.file_url, None
    if url is None:
        url, expires_at = links.link_to_file(document.id)
    return DocumentData(
        id=document.id,
        document_type=document.document_type,
        status=document.status,
        reason=document.reason,
        file_url=url,
        file_url_expires_at=expires_at,
        content_type=CONTENT_TYPES[document.file_kind] if document.file_kind else None,
        size_bytes=document.size_bytes,
        created_at=document.created_at,
        reviewed_at=document.reviewed_at,
    )


def _render_for_admin(document: Document, business_name: str | None) -> ReviewedDocument:
    facts = _render(document).model_dump()
    return ReviewedDocument(**facts, vendor_id=document.vendor_id, business_name=business_name)
