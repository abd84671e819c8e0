"""The profile on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from habrio_shared.contracts.kyc import ReviewStatus, VendorSummary
from habrio_shared.schemas import Answer, Body, Instant, PagedQuery, Required, Text
from habrio_vendor.payout_bank.schemas import PayoutBankData
from habrio_vendor.profile.rules import gst_number


class ProfileIn(Body):
    business_type: Required
    business_name: Required
    address: Annotated[Text, Field(min_length=1, max_length=500)]
    gst_number: Annotated[Text, AfterValidator(lambda given: gst_number(given) if given else given)] = ""


class ProfileData(BaseModel):
    """`name`, `phone`, `city` and `society` are those of the vendor's own registration.

    `kyc_reason` is what an administrator gave as the reason of `kyc_status`; `payout_bank` is null before it is set up.
    """

    user_id: int
    name: str
    phone: str
    city: str
    society: str
    business_type: str
    business_name: str
    address: str
    gst_number: str | None
    kyc_status: ReviewStatus
    kyc_reason: str
    payout_bank: PayoutBankData | None
    created_at: Instant


class ProfileOut(Answer):
    data: ProfileData


class VendorsQuery(PagedQuery):
    """Filters of the administrators' list."""

    status: ReviewStatus | None = None


class VendorData(VendorSummary):
    created_at: Instant


class VendorsOut(Answer):
    vendors: list[VendorData]
    next_cursor: int | None
