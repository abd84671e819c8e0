"""/me, /onboarding/basic, and the name that a person changes in the consumer service."""

from __future__ import annotations

from habrio_auth.users import queries
from habrio_auth.users.errors import UserNotFound
from habrio_auth.users.onboard import onboard
from habrio_auth.users.rename import rename
from habrio_auth.users.schemas import BasicOnboarding, Me, MeOut, NameIn
from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, internal_only, signed_in
from habrio_shared.schemas import Message

bp = ApiBlueprint("users")


@bp.get("/me")
@bp.get("/profile/me")
@signed_in
def me(caller: Caller) -> MeOut:
    """Who you are to the platform."""
    user = queries.user_by_id(caller.user_id)
    return MeOut(
        data=Me(
            id=user.id,
            phone=user.phone,
            name=user.name,
            city=user.city,
            society=user.society,
            role=user.role,
            basic_onboarding_done=user.is_onboarded,
            role_onboarding_done=user.is_role_onboarded,
            kyc_status="pending" if user.role == "vendor" else "not_required",
        )
    )


@bp.post("/onboarding/basic")
@signed_in
def basic_onboarding(body: BasicOnboarding, caller: Caller) -> Message:
    """Say who you are, where you live, and whether you buy or sell.

    Only the first call counts; a later one changes nothing and says so.
    """
    return onboard(caller.user_id, body)


@bp.post("/internal/users/<id:user_id>/name", errors=(UserNotFound,))
@internal_only("consumer")
def set_name(user_id: int, body: NameIn) -> Message:
    """Change a user's name."""
    return rename(user_id, body.name)
