"""Documents on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from habrio_shared.contracts.kyc import DocumentSummary, ReviewStatus
from habrio_shared.schemas import Answer, Body, Id, Instant, PagedQuery, Query, Required, Text
from habrio_vendor.documents.rules import https_link


class DocumentIn(Body):
    """`file_url` or, in a multipart form, the part `file`; not both. `document_type` is kept as sent."""

    document_type: Required = Field(examples=["pan_card"])
    file_url: Annotated[Text, AfterValidator(lambda given: https_link(given) if given else given)] = Field(
        default="", description="an https link to a public site"
    )


class DocumentAdded(Answer):
    message: str
    document_id: int


class DocumentData(BaseModel):
    """A document as its vendor sees it. `reason` is the reviewer's.

    `file_url` is the link as it was sent, or, of an uploaded file, a path at this address that gives the file to
    whoever has it, without a token, until `file_url_expires_at`; asking again gives a fresh one. `content_type` and
    `size_bytes` are of an uploaded file only.
    """

    id: int
    document_type: str
    status: ReviewStatus
    reason: str
    file_url: str
    file_url_expires_at: Instant | None
    content_type: str | None
    size_bytes: int | None
    created_at: Instant
    reviewed_at: Instant | None


class DocumentsOut(Answer):
    documents: list[DocumentData]
    next_cursor: int | None


class DocumentOut(Answer):
    document: DocumentData


class FileQuery(Query):
    """What is not ours is told so, whatever its length and content."""

    signature: str = ""


class ReviewsQuery(PagedQuery):
    """Filters of the administrators' list."""

    status: ReviewStatus | None = None
    vendor_id: Id | None = None


class ReviewedDocument(DocumentSummary):
    file_url_expires_at: Instant | None
    created_at: Instant
    reviewed_at: Instant | None


class ReviewedDocumentsOut(Answer):
    documents: list[ReviewedDocument]
    next_cursor: int | None
