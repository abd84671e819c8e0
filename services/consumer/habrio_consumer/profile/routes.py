"""/consumer/onboarding and /consumer/profile."""

from __future__ import annotations

from habrio_consumer.profile import queries
from habrio_consumer.profile.edit import edit
from habrio_consumer.profile.errors import AlreadyOnboarded, ProfileNotFound
from habrio_consumer.profile.onboard import onboard
from habrio_consumer.profile.schemas import OnboardingIn, ProfileData, ProfileEdit, ProfileOut
from habrio_shared.api import ApiBlueprint
from habrio_shared.errors import Unavailable
from habrio_shared.identity import Caller, role_required
from habrio_shared.schemas import Message

bp = ApiBlueprint("profile")


@bp.post("/consumer/onboarding", errors=(AlreadyOnboarded,))
@role_required("consumer")
def onboarding(body: OnboardingIn, caller: Caller) -> Message:
    """Say where to deliver, and whatever else you like to tell."""
    return onboard(caller.user_id, body)


@bp.get("/consumer/profile/me", errors=(ProfileNotFound,))
@role_required("consumer")
def show(caller: Caller) -> ProfileOut:
    """Your profile."""
    profile = queries.profile_of(caller.user_id)
    return ProfileOut(
        data=ProfileData(
            name=caller.name,
            phone=caller.phone,
            city=caller.city,
            society=caller.society,
            flat_number=profile.flat_number,
            profile_image_url=profile.profile_image_url,
            gender=profile.gender,
            date_of_birth=profile.date_of_birth,
            preferred_language=profile.preferred_language,
        )
    )


@bp.post("/consumer/profile/edit", errors=(ProfileNotFound, Unavailable))
@role_required("consumer")
def edit_profile(body: ProfileEdit, caller: Caller) -> Message:
    """Change your profile; fields that are not given stay."""
    return edit(caller, body)
