"""The review queue on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from habrio_shared.contracts.kyc import Decision, DocumentSummary, ReviewStatus, VendorSummary
from habrio_shared.schemas import ID_MAX, Answer, Body, Id, Instant, PagedQuery, Required


class ReviewsQuery(PagedQuery):
    """Two lists, each with a cursor of its own: `cursor` is the documents', `vendor_cursor` that of the businesses."""

    status: ReviewStatus | Literal["all"] = "pending"
    vendor_id: Id | None = Field(default=None, description="the documents of this vendor alone")
    vendor_cursor: int | None = Field(
        default=None, ge=1, le=ID_MAX, description="`next_vendor_cursor` of the page before"
    )


class VendorData(VendorSummary):
    created_at: Instant


class DocumentData(DocumentSummary):
    file_url_expires_at: Instant | None
    created_at: Instant
    reviewed_at: Instant | None


class ReviewsOut(Answer):
    """`vendors` are businesses, `documents` papers, both newest first."""

    vendors: list[VendorData]
    next_vendor_cursor: int | None
    documents: list[DocumentData]
    next_cursor: int | None


class ReviewIn(Body):
    """What is decided, and why: the vendor reads the reason."""

    decision: Decision
    reason: Required
