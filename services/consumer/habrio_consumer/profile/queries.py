"""Reading profiles."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_consumer.profile.errors import ProfileNotFound
from habrio_consumer.profile.models import Profile
from habrio_shared.database import reading


def profile_of(user_id: int) -> Profile:
    """ProfileNotFound before the consumer onboarding."""
    with reading() as session:
        profile = session.get(Profile, user_id)
    if profile is None:
        raise ProfileNotFound
    return profile


def flat_of(session: Session, user_id: int) -> str:
    """Where to deliver, as far as it is known; "" without a profile."""
    return session.scalar(select(Profile.flat_number).where(Profile.user_id == user_id)) or ""
