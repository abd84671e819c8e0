"""A person logs out, here or everywhere."""

from __future__ import annotations

from habrio_auth.sessions.revoke import revoke_all, revoke_session
from habrio_shared.database import transaction
from habrio_shared.schemas import Message


def logout(user_id: int, session_id: str, *, everywhere: bool) -> Message:
    """End this session, or all of the user's; their tokens are refused from the next request on."""
    with transaction() as session:
        if everywhere:
            revoke_all(session, user_id)
        else:
            revoke_session(session, session_id)
    return Message(message="Logged out everywhere" if everywhere else "Logged out")
