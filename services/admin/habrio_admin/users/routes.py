"""/admin/users."""

from __future__ import annotations

from habrio_admin.clients import auth
from habrio_admin.users.schemas import UserData, UsersOut, UsersQuery
from habrio_shared.api import ApiBlueprint
from habrio_shared.errors import Unavailable
from habrio_shared.identity import role_required

bp = ApiBlueprint("users")


@bp.get("/admin/users", errors=(Unavailable,))
@role_required("admin")
def users(query: UsersQuery) -> UsersOut:
    """Everybody on the platform, newest first."""
    page = auth.users(limit=query.size, cursor=query.cursor, role=query.role, status=query.status, q=query.q)
    return UsersOut(users=[UserData(**user.model_dump()) for user in page.users], next_cursor=page.next_cursor)
