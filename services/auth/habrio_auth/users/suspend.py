"""A user is suspended."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_auth.sessions.revoke import revoke_all
from habrio_auth.users.models import User
from habrio_auth.users.queries import locked_user
from habrio_shared.database import transaction


def suspend(user_id: int) -> User:
    """Refuse them from the next request on, and end their sessions: once restored, they log in anew. UserNotFound."""
    with transaction() as session:
        user = locked_user(session, user_id)
        shut_out(session, user)
        return user


def shut_out(session: Session, user: User) -> None:
    """The same for a locked user."""
    user.status = "suspended"
    revoke_all(session, user.id)
