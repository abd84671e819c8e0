"""A turn is kept, unless the conversation was erased while it was being answered."""

from __future__ import annotations

from habrio_agent.conversations.models import Turn
from habrio_agent.conversations.queries import locked
from habrio_shared.database import transaction


def keep(user_id: int, question: str, answer: str, *, erasures: int) -> None:
    """Keep what was asked and answered; `erasures` is what the conversation counted when it was asked."""
    with transaction() as session:
        if locked(session, user_id).erasures == erasures:
            session.add(Turn(user_id=user_id, question=question, answer=answer))
