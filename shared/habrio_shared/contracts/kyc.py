"""Know your customer: what the admin service asks the vendor service about vendors and their documents, and what the
vendor service tells auth of the outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from habrio_shared.contracts.message import Message
from habrio_shared.contracts.users import Noted
from habrio_shared.schemas import Body, Id, Required

ReviewStatus = Literal["pending", "approved", "rejected"]
Decision = Literal["approve", "reject"]

REVIEWED: dict[Decision, ReviewStatus] = {"approve": "approved", "reject": "rejected"}
"""What is decided → how it stands then."""

VENDORS_PATH = "/internal/admin/vendors"
"""GET, for the admin service: a page of vendors' businesses, by falling user id, that is newest user first (`limit`,
`cursor`, `status`) → VendorPage."""

DOCUMENTS_PATH = "/internal/admin/documents"
"""GET, for the admin service: a page of documents, newest first (`limit`, `cursor`, `status`, `vendor_id`) →
DocumentPage."""

VENDOR_REVIEW_PATH = "/internal/admin/vendors/{vendor_id}/review"
"""POST Review, for the admin service: the vendor's business → VendorOut, as it is then. May be repeated and changed."""

DOCUMENT_REVIEW_PATH = "/internal/admin/documents/{document_id}/review"
"""POST Review, for the admin service: one document → DocumentOut, as it is then. May be repeated and changed."""


class Review(Body):
    """What was decided, and why: the vendor reads the reason."""

    decision: Decision
    reason: Required


class VendorSummary(BaseModel):
    """A vendor's business as administrators see it; `vendor_id` is auth's user id."""

    vendor_id: int
    business_name: str
    business_type: str
    address: str
    gst_number: str | None
    kyc_status: ReviewStatus
    kyc_reason: str
    created_at: datetime


class VendorOut(BaseModel):
    """One vendor's business, as it is after what was asked."""

    vendor: VendorSummary


class VendorPage(BaseModel):
    """Vendors' businesses; `next_cursor` is null at the end."""

    vendors: list[VendorSummary]
    next_cursor: int | None


class DocumentSummary(BaseModel):
    """A document as administrators see it. `business_name` is null before the vendor has a profile.

    `file_url` is the link that the vendor gave, or, of an uploaded file, a path at the gateway that needs no token
    and is good until `file_url_expires_at`.
    """

    id: int
    vendor_id: int
    business_name: str | None
    document_type: str
    status: ReviewStatus
    reason: str
    file_url: str
    file_url_expires_at: datetime | None
    content_type: str | None
    size_bytes: int | None
    created_at: datetime
    reviewed_at: datetime | None


class DocumentOut(BaseModel):
    """One document, as it is after what was asked."""

    document: DocumentSummary


class DocumentPage(BaseModel):
    """Documents, newest first; `next_cursor` is null at the end."""

    documents: list[DocumentSummary]
    next_cursor: int | None


class VendorReviewed(BaseModel):
    """How the review of this user's business stands: the whole truth at `version`, which grows by one each time."""

    user_id: Id
    kyc_status: ReviewStatus
    version: int = Field(ge=1)


VENDOR_REVIEWED = Message("users.vendor_reviewed", sender="vendor", target="auth", body=VendorReviewed, reply=Noted)
