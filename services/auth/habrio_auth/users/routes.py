"""/me, /onboarding/basic, and what the consumer and admin services ask about users."""

from __future__ import annotations

from habrio_auth.sessions.queries import page_of_live_sessions
from habrio_auth.users import queries
from habrio_auth.users.errors import UserNotFound
from habrio_auth.users.models import User
from habrio_auth.users.onboard import onboard
from habrio_auth.users.rename import rename
from habrio_auth.users.schemas import (
    BasicOnboarding,
    Me,
    MeOut,
    NameIn,
    NewUsersOut,
    UserData,
    UsersOut,
    UsersQuery,
    WholeUser,
    WholeUserOut,
)
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.stats import NEW_USERS_PATH, NewUsers
from habrio_shared.contracts.users import USERS_PATH, SessionSummary
from habrio_shared.days import DaysQuery
from habrio_shared.identity import Caller, internal_only, signed_in
from habrio_shared.schemas import PAGE_CAP, Message, next_cursor

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
            kyc_status=user.kyc_status if user.role == "vendor" else "not_required",
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


@bp.get(USERS_PATH)
@internal_only("admin")
def list_users(query: UsersQuery) -> UsersOut:
    """Users, newest first."""
    found = queries.page_of_users(
        limit=query.size + 1, before_id=query.cursor, role=query.role, status=query.status, part=query.q, ids=query.ids
    )
    return UsersOut(
        users=[_data(user) for user in found[: query.size]],
        next_cursor=next_cursor([user.id for user in found], query.size),
    )


@bp.get("/internal/admin/users/<id:user_id>", errors=(UserNotFound,))
@internal_only("admin")
def one_user(user_id: int) -> WholeUserOut:
    """One user, with the sessions that can still be used."""
    user = queries.user_by_id(user_id)
    sessions = page_of_live_sessions(user_id, limit=PAGE_CAP, before_id=None)
    return WholeUserOut(
        user=WholeUser(
            **_data(user).model_dump(),
            basic_onboarding_done=user.is_onboarded,
            role_onboarding_done=user.is_role_onboarded,
            kyc_status=user.kyc_status,
            sessions=[SessionSummary.model_validate(session, from_attributes=True) for session in sessions],
        )
    )


@bp.get(NEW_USERS_PATH)
@internal_only("admin")
def new_users(query: DaysQuery) -> NewUsersOut:
    """How many users came each day."""
    counts = queries.new_users(query.bounds)
    return NewUsersOut(
        days=[NewUsers(day=of.day, new_users=count) for of, count in zip(query.bounds, counts, strict=True)]
    )


def _data(user: User) -> UserData:
    return UserData.model_validate(user, from_attributes=True)
