"""POST and GET /vendor/profile."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, role_required
from habrio_shared.schemas import Message
from habrio_vendor.profile import queries
from habrio_vendor.profile.create import create
from habrio_vendor.profile.errors import ProfileExists, ProfileNotFound
from habrio_vendor.profile.schemas import ProfileData, ProfileIn, ProfileOut

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
            created_at=profile.created_at,
        )
    )
