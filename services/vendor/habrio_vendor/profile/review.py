"""An administrator approves or rejects a vendor's business."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import outbox
from habrio_shared.contracts.kyc import REVIEWED, VENDOR_REVIEWED, Decision, VendorReviewed
from habrio_shared.contracts.users import Noted
from habrio_vendor.profile.models import Profile


def review(session: Session, profile: Profile, decision: Decision, reason: str) -> outbox.RowId[Noted] | None:
    """The last decision on the locked profile counts; what tells auth of it, still to be delivered.

    The same decision for the same reason again changes nothing, and there is nothing to tell: None.
    """
    status = REVIEWED[decision]
    if (profile.kyc_status, profile.kyc_reason) == (status, reason):
        return None
    profile.kyc_status, profile.kyc_reason = status, reason
    profile.kyc_version += 1
    session.flush()
    told = VendorReviewed(user_id=profile.user_id, kyc_status=status, version=profile.kyc_version)
    return outbox.put(session, VENDOR_REVIEWED, f"vendor_reviewed:{profile.user_id}:{told.version}", told)
