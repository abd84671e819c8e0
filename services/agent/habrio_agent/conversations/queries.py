"""Reading conversations, with their lock and without."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_agent.conversations.models import Conversation, Turn
from habrio_shared.database import insert_ignore, reading


def locked(session: Session, user_id: int) -> Conversation:
    """The user's conversation, locked until the transaction ends; made at the first touch."""
    insert_ignore(session, Conversation, {"user_id": user_id, "erasures": 0})
    return session.scalars(select(Conversation).where(Conversation.user_id == user_id).with_for_update()).one()


def erasures_of(user_id: int) -> int:
    """How often the user's conversation was erased so far."""
    with reading() as session:
        return session.scalar(select(Conversation.erasures).where(Conversation.user_id == user_id)) or 0


def page_of_turns(user_id: int, size: int, cursor: int | None) -> list[Turn]:
    """Up to `size` of the user's turns, newest first, from `cursor` (the last id of the page before) downwards."""
    with reading() as session:
        query = select(Turn).where(Turn.user_id == user_id).order_by(Turn.id.desc()).limit(size)
        return list(session.scalars(query if cursor is None else query.where(Turn.id < cursor)))


def last_turns(user_id: int, how_many: int) -> list[Turn]:
    """The user's newest turns, oldest first."""
    return page_of_turns(user_id, how_many, None)[::-1]
