"""/admin/users."""

from __future__ import annotations

from habrio_admin.acts.act import act, new_id
from habrio_admin.acts.errors import ActUnfinished
from habrio_admin.acts.schemas import Acted
from habrio_admin.clients import auth
from habrio_admin.users.schemas import ReasonIn, RoleIn, UserData, UsersOut, UsersQuery, WholeUserOut
from habrio_admin.users.show import show
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.acts import END_SESSIONS, RESTORE_USER, SET_ROLE, SUSPEND_USER, SetRole, UserAct
from habrio_shared.errors import BadRequest, Unavailable
from habrio_shared.identity import Caller, role_required

bp = ApiBlueprint("users")

ACT_ERRORS = (BadRequest, ActUnfinished)


@bp.get("/admin/users", errors=(Unavailable,))
@role_required("admin")
def users(query: UsersQuery) -> UsersOut:
    """Everybody on the platform, newest first."""
    page = auth.users(limit=query.size, cursor=query.cursor, role=query.role, status=query.status, q=query.q)
    return UsersOut(users=[UserData(**user.model_dump()) for user in page.users], next_cursor=page.next_cursor)


@bp.get("/admin/users/<id:user_id>", errors=(Unavailable,))
@role_required("admin")
def one_user(user_id: int) -> WholeUserOut:
    """Everything about one user: sessions, wallet, business, newest orders, and what administrators did."""
    return WholeUserOut(user=show(user_id))


@bp.post("/admin/users/<id:user_id>/suspend", errors=ACT_ERRORS, idempotent=True, may_end_later=True)
@role_required("admin")
def suspend(user_id: int, body: ReasonIn, caller: Caller) -> tuple[Acted, int]:
    """Refuse a user from the next request on, and end their sessions.

    400 for the last active administrator.
    """
    wanted = UserAct(act_id=new_id(), user_id=user_id, reason=body.reason)
    return act(caller, SUSPEND_USER, wanted, target=f"user:{user_id}", done="The user has been suspended")


@bp.post("/admin/users/<id:user_id>/restore", errors=ACT_ERRORS, idempotent=True, may_end_later=True)
@role_required("admin")
def restore(user_id: int, body: ReasonIn, caller: Caller) -> tuple[Acted, int]:
    """Let a suspended user log in again."""
    wanted = UserAct(act_id=new_id(), user_id=user_id, reason=body.reason)
    return act(caller, RESTORE_USER, wanted, target=f"user:{user_id}", done="The user may log in again")


@bp.post("/admin/users/<id:user_id>/role", errors=ACT_ERRORS, idempotent=True, may_end_later=True)
@role_required("admin")
def set_role(user_id: int, body: RoleIn, caller: Caller) -> tuple[Acted, int]:
    """Make a user a consumer or a vendor; the next request of any of their sessions is judged by it.

    400 for the last active administrator.
    """
    wanted = SetRole(act_id=new_id(), user_id=user_id, role=body.role, reason=body.reason)
    return act(caller, SET_ROLE, wanted, target=f"user:{user_id}", done=f"The user is a {body.role} now")


@bp.post("/admin/users/<id:user_id>/end-sessions", errors=ACT_ERRORS, idempotent=True, may_end_later=True)
@role_required("admin")
def end_sessions(user_id: int, body: ReasonIn, caller: Caller) -> tuple[Acted, int]:
    """End every session of a user; they have to log in again."""
    wanted = UserAct(act_id=new_id(), user_id=user_id, reason=body.reason)
    return act(caller, END_SESSIONS, wanted, target=f"user:{user_id}", done="The user's sessions have been ended")
