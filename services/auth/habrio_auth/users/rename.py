"""A user's name changes."""

from __future__ import annotations

from habrio_auth.users.queries import locked_user
from habrio_shared.database import transaction
from habrio_shared.schemas import Message


def rename(user_id: int, name: str) -> Message:
    """UserNotFound if there is no such user."""
    with transaction() as session:
        locked_user(session, user_id).name = name
    return Message(message="The name has been changed")
