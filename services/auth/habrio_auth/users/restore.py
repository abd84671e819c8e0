"""A suspended user is let in again."""

from __future__ import annotations

from habrio_auth.users.models import User
from habrio_auth.users.queries import locked_user
from habrio_shared.database import transaction


def restore(user_id: int) -> User:
    """Let them log in again; the sessions that the suspension ended stay ended. UserNotFound."""
    with transaction() as session:
        user = locked_user(session, user_id)
        user.status = "active"
        return user
