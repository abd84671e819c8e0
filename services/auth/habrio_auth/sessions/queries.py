"""Reading sessions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from habrio_auth.sessions.models import UserSession
from habrio_shared.database import db_now, reading


def number_of_live(session: Session, user_id: int) -> int:
    """How many of the user's sessions can still be used."""
    live = (UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > db_now())
    return session.scalar(select(func.count()).select_from(UserSession).where(*live)) or 0


def page_of_live_sessions(user_id: int, *, limit: int, before_id: int | None) -> Sequence[UserSession]:
    """Up to `limit` of the user's sessions that can still be used, newest first."""
    query = (
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > db_now())
        .order_by(UserSession.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(UserSession.id < before_id)
    with reading() as session:
        return session.scalars(query).all()
