"""Every session of a user is ended, by an administrator."""

from __future__ import annotations

from habrio_auth.sessions.revoke import revoke_all
from habrio_auth.users.models import User
from habrio_auth.users.queries import locked_user
from habrio_shared.database import transaction


def end_sessions(user_id: int) -> User:
    """They have to log in again, everywhere. UserNotFound."""
    with transaction() as session:
        user = locked_user(session, user_id)
        revoke_all(session, user.id)
        return user
