"""Administrators review vendors' businesses."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import acts, inbox
from habrio_shared.contracts.acts import REVIEW_VENDOR, Facts, ReviewVendor
from habrio_vendor.profile.models import Profile
from habrio_vendor.profile.queries import locked_profile
from habrio_vendor.profile.review import review


@acts.on(REVIEW_VENDOR)
def on_review(session: Session, act: ReviewVendor) -> acts.Change:
    """Auth is told of it. VendorNotFound."""
    profile = locked_profile(session, act.vendor_id)
    before = _facts(profile)
    row_id = review(session, profile, act.decision, act.reason)
    if row_id is not None:
        inbox.afterwards(row_id)
    return acts.Change(before, _facts(profile))


def _facts(profile: Profile) -> Facts:
    return {"kyc_status": profile.kyc_status, "kyc_reason": profile.kyc_reason}
