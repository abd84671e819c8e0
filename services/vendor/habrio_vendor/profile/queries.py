"""Reading profiles."""

from __future__ import annotations

from habrio_shared.database import reading
from habrio_vendor.profile.errors import ProfileNotFound
from habrio_vendor.profile.models import Profile


def profile_of(user_id: int) -> Profile:
    """The user's profile; ProfileNotFound before it was made."""
    with reading() as session:
        profile = session.get(Profile, user_id)
    if profile is None:
        raise ProfileNotFound
    return profile
