"""Reading profiles."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_shared.contracts.kyc import ReviewStatus
from habrio_shared.database import reading
from habrio_vendor.profile.errors import ProfileNotFound, VendorNotFound
from habrio_vendor.profile.models import Profile


def profile_of(user_id: int) -> Profile:
    """The user's profile; ProfileNotFound before it was made."""
    with reading() as session:
        profile = session.get(Profile, user_id)
    if profile is None:
        raise ProfileNotFound
    return profile


def locked_profile(session: Session, vendor_id: int) -> Profile:
    """The vendor's profile, locked until the transaction ends; VendorNotFound."""
    profile = session.get(Profile, vendor_id, with_for_update=True)
    if profile is None:
        raise VendorNotFound
    return profile


def page_of_profiles(*, limit: int, before_id: int | None, status: ReviewStatus | None) -> Sequence[Profile]:
    """Up to `limit` profiles by falling user id, of ids below `before_id`, if given."""
    query = select(Profile).order_by(Profile.user_id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(Profile.user_id < before_id)
    if status is not None:
        query = query.where(Profile.kyc_status == status)
    with reading() as session:
        return session.scalars(query).all()
