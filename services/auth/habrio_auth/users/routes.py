"""/me, /onboarding/basic, and what the consumer and admin services ask about users, and do to them."""

from __future__ import annotations

from habrio_auth.users import queries
from habrio_auth.users.end_sessions import end_sessions
from habrio_auth.users.errors import UserNotFound
from habrio_auth.users.models import User
from habrio_auth.users.onboard import onboard
from habrio_auth.users.rename import rename
from habrio_auth.users.restore import restore
from habrio_auth.users.schemas import (
    BasicOnboarding,
    Me,
    MeOut,
    NameIn,
    RoleIn,
    UserData,
    UserOut,
    UsersOut,
    UsersQuery,
)
from habrio_auth.users.set_role import set_role
from habrio_auth.users.suspend import suspend
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.users import USERS_PATH
from habrio_shared.identity import Caller, internal_only, signed_in
from habrio_shared.schemas import Message, next_cursor

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
        limit=query.size + 1, before_id=query.cursor, role=query.role, status=query.status, part=query.q
    )
    return UsersOut(
        users=[_data(user) for user in found[: query.size]],
        next_cursor=next_cursor([user.id for user in found], query.size),
    )


@bp.get("/internal/admin/users/<id:user_id>", errors=(UserNotFound,))
@internal_only("admin")
def one_user(user_id: int) -> UserOut:
    """One user."""
    return _out(queries.user_by_id(user_id))


@bp.post("/internal/admin/users/<id:user_id>/role", errors=(UserNotFound,))
@internal_only("admin")
def change_role(user_id: int, body: RoleIn) -> UserOut:
    """Give a user another role."""
    return _out(set_role(user_id, body.role))


@bp.post("/internal/admin/users/<id:user_id>/suspend", errors=(UserNotFound,))
@internal_only("admin")
def suspend_user(user_id: int) -> UserOut:
    """Refuse a user from the next request on."""
    return _out(suspend(user_id))


@bp.post("/internal/admin/users/<id:user_id>/restore", errors=(UserNotFound,))
@internal_only("admin")
def restore_user(user_id: int) -> UserOut:
    """Let a suspended user log in again."""
    return _out(restore(user_id))


@bp.post("/internal/admin/users/<id:user_id>/end-sessions", errors=(UserNotFound,))
@internal_only("admin")
def end_sessions_of_user(user_id: int) -> UserOut:
    """End every session of a user."""
    return _out(end_sessions(user_id))


def _data(user: User) -> UserData:
    return UserData.model_validate(user, from_attributes=True)


def _out(user: User) -> UserOut:
    return UserOut(user=_data(user))
