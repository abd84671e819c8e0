"""Know your customer: what the admin service asks the vendor service about vendors and their documents, and what the
vendor service tells auth of the outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from habrio_shared.contracts.message import Message
from habrio_shared.contracts.users import Noted
from habrio_shared.schemas import Id

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

VENDOR_PATH = "/internal/admin/vendors/{vendor_id}"
"""GET, for the admin service: a vendor's business and what it owns → VendorDetailOut."""


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


class VendorDetail(VendorSummary):
    """`bank_account` is masked; it and `bank_name` are null before it is set up."""

    balance_paise: int
    shop_id: int | None
    bank_name: str | None
    bank_account: str | None


class VendorDetailOut(BaseModel):
    vendor: VendorDetail


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
