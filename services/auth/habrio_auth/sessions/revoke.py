"""A session is revoked; its tokens are refused from the next request on, for the gateway reads the view each time."""

from __future__ import annotations

from sqlalchemy import ColumnElement, CursorResult, update
from sqlalchemy.orm import Session

from habrio_auth.sessions.errors import SessionNotFound
from habrio_auth.sessions.models import UserSession
from habrio_shared.database import db_now, transaction


def revoke(user_id: int, session_id: int) -> None:
    """End one session of this user; ending it again changes nothing. SessionNotFound for anybody else's."""
    with transaction() as session:
        if not _revoke(session, UserSession.id == session_id, UserSession.user_id == user_id):
            found = session.get(UserSession, session_id)
            if found is None or found.user_id != user_id:
                raise SessionNotFound


def revoke_session(session: Session, sid: str) -> bool:
    """End the session that tokens know as `sid`; whether it was alive."""
    return _revoke(session, UserSession.sid == sid) > 0


def revoke_all(session: Session, user_id: int) -> int:
    """End every session of a user; how many there were."""
    return _revoke(session, UserSession.user_id == user_id)


def _revoke(session: Session, *which: ColumnElement[bool]) -> int:
    end = (
        update(UserSession)
        .where(*which, UserSession.revoked_at.is_(None))
        .values(revoked_at=db_now())
        .execution_options(synchronize_session=False)
    )
    result = session.execute(end)
    return result.rowcount if isinstance(result, CursorResult) else 0
