"""A vendor registers the business, once."""

from __future__ import annotations

from habrio_shared import outbox
from habrio_shared.contracts.users import VENDOR_ONBOARDED, RoleOnboarded
from habrio_shared.database import insert_ignore, transaction
from habrio_shared.identity import Caller
from habrio_vendor.profile.errors import ProfileExists
from habrio_vendor.profile.models import Profile
from habrio_vendor.profile.schemas import ProfileIn


def create(caller: Caller, given: ProfileIn) -> None:
    """Keep the profile and tell the auth service that this role's onboarding is done.

    ProfileExists, and nothing changes, if there is one.
    """
    row = {
        "user_id": caller.user_id,
        "phone": caller.phone,
        "business_type": given.business_type,
        "business_name": given.business_name,
        "address": given.address,
        "gst_number": given.gst_number or None,
    }
    with transaction() as session:
        if not insert_ignore(session, Profile, row):
            raise ProfileExists
        told = RoleOnboarded(user_id=caller.user_id)
        row_id = outbox.put(session, VENDOR_ONBOARDED, f"vendor_onboarded:{caller.user_id}", told)
    outbox.deliver(row_id)
