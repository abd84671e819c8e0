"""A person's conversation is erased, with what is being answered just now."""

from __future__ import annotations

from sqlalchemy import delete

from habrio_agent.conversations.models import Turn
from habrio_agent.conversations.queries import locked
from habrio_shared.database import transaction


def erase(user_id: int) -> int:
    """Delete every turn of the user's; how many. An answer that is under way will not be kept either."""
    with transaction() as session:
        locked(session, user_id).erasures += 1
        return len(session.scalars(delete(Turn).where(Turn.user_id == user_id).returning(Turn.id)).all())
