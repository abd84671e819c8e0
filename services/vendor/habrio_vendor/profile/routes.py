"""POST and GET /vendor/profile, and what the admin service does with vendors' businesses."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.kyc import VENDORS_PATH
from habrio_shared.identity import Caller, internal_only, role_required
from habrio_shared.schemas import Message, next_cursor
from habrio_vendor.payout_bank.queries import shown_bank_of
from habrio_vendor.payout_bank.schemas import PayoutBankData
from habrio_vendor.profile import queries
from habrio_vendor.profile.create import create
from habrio_vendor.profile.errors import ProfileExists, ProfileNotFound
from habrio_vendor.profile.models import Profile
from habrio_vendor.profile.schemas import (
    ProfileData,
    ProfileIn,
    ProfileOut,
    VendorData,
    VendorsOut,
    VendorsQuery,
)

bp = ApiBlueprint("profile")


@bp.post("/vendor/profile", errors=(ProfileExists,))
@role_required("vendor")
def register(body: ProfileIn, caller: Caller) -> Message:
    """Register your business."""
    create(caller, body)
    return Message(message="Your vendor profile has been saved")


@bp.get("/vendor/profile", errors=(ProfileNotFound,))
@bp.get("/vendor/profile/me", errors=(ProfileNotFound,))
@role_required("vendor")
def show(caller: Caller) -> ProfileOut:
    """Your business profile."""
    profile = queries.profile_of(caller.user_id)
    bank = shown_bank_of(caller.user_id)
    shown = bank and PayoutBankData(
        bank_name=bank.bank_name, account_number=bank.account_masked, ifsc_code=bank.ifsc_code
    )
    return ProfileOut(
        data=ProfileData(
            user_id=profile.user_id,
            name=caller.name,
            phone=caller.phone,
            city=caller.city,
            society=caller.society,
            business_type=profile.business_type,
            business_name=profile.business_name,
            address=profile.address,
            gst_number=profile.gst_number,
            kyc_status=profile.kyc_status,
            kyc_reason=profile.kyc_reason,
            payout_bank=shown,
            created_at=profile.created_at,
        )
    )


@bp.get(VENDORS_PATH)
@internal_only("admin")
def list_vendors(query: VendorsQuery) -> VendorsOut:
    """Vendors' businesses, those of the newest users first."""
    found = queries.page_of_profiles(limit=query.size + 1, before_id=query.cursor, status=query.status)
    return VendorsOut(
        vendors=[_render(profile) for profile in found[: query.size]],
        next_cursor=next_cursor([profile.user_id for profile in found], query.size),
    )


def _render(profile: Profile) -> VendorData:
    return VendorData(
        vendor_id=profile.user_id,
        business_name=profile.business_name,
        business_type=profile.business_type,
        address=profile.address,
        gst_number=profile.gst_number,
        kyc_status=profile.kyc_status,
        kyc_reason=profile.kyc_reason,
        created_at=profile.created_at,
    )
