"""An administrator approves or rejects a vendor's business."""

from __future__ import annotations

from sqlalchemy import select

from habrio_shared import outbox
from habrio_shared.contracts.kyc import REVIEWED, VENDOR_REVIEWED, Review, VendorReviewed
from habrio_shared.database import transaction
from habrio_vendor.profile.errors import VendorNotFound
from habrio_vendor.profile.models import Profile


def review(vendor_id: int, given: Review) -> Profile:
    """The business as it is then; the last decision counts, and auth is told of it. VendorNotFound.

    The same decision for the same reason again changes nothing.
    """
    with transaction() as session:
        query = select(Profile).where(Profile.user_id == vendor_id).with_for_update()
        profile = session.scalars(query).one_or_none()
        if profile is None:
            raise VendorNotFound
        status = REVIEWED[given.decision]
        if (profile.kyc_status, profile.kyc_reason) == (status, given.reason):
            return profile
        profile.kyc_status, profile.kyc_reason = status, given.reason
        profile.kyc_version += 1
        session.flush()
        told = VendorReviewed(user_id=vendor_id, kyc_status=status, version=profile.kyc_version)
        row_id = outbox.put(session, VENDOR_REVIEWED, f"vendor_reviewed:{vendor_id}:{told.version}", told)
    outbox.deliver(row_id)
    return profile
