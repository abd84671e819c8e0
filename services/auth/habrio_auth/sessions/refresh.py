"""A refresh token is spent for a new pair of tokens; spent twice, it ends its session."""

from __future__ import annotations

import logging
import time

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from habrio_auth.sessions import tokens
from habrio_auth.sessions.errors import AccountSuspended, InvalidRefreshToken
from habrio_auth.sessions.models import UserSession
from habrio_auth.sessions.revoke import revoke_session
from habrio_auth.sessions.schemas import TokenPair
from habrio_auth.settings import AuthSettings, current_settings
from habrio_auth.users.models import User
from habrio_shared.database import after, db_now, transaction
from habrio_shared.errors import HabrioError
from habrio_shared.identity.user_tokens import ExpiredToken, InvalidToken, TokenReader, UserToken

log = logging.getLogger(__name__)


def refresh(refresh_token: str) -> TokenPair:
    """A new access and refresh token. InvalidRefreshToken, AccountSuspended.

    Of two that come with the same token at once, one wins; the other has spent it a second time, and whoever holds a
    spent token may have stolen it: the whole session is revoked (API.md).
    """
    settings = current_settings()
    now = int(time.time())
    try:
        token = TokenReader(
            kind="refresh",
            secret=settings.jwt_secret.get_secret_value(),
            previous_secrets=[secret.get_secret_value() for secret in settings.jwt_previous_secrets],
            lifetime_seconds=settings.refresh_token_seconds,
        ).read(refresh_token, now=now)
    except (InvalidToken, ExpiredToken) as error:
        raise InvalidRefreshToken from error
    with transaction() as session:
        outcome = _rotate(session, settings, token, now)
    if isinstance(outcome, HabrioError):  # what it did (revoke) is committed, although the answer is a refusal
        raise outcome
    return outcome


def _rotate(session: Session, settings: AuthSettings, token: UserToken, now: int) -> TokenPair | HabrioError:
    user = session.execute(
        select(User).join(UserSession, UserSession.user_id == User.id).where(UserSession.sid == token.session_id)
    ).scalar_one_or_none()
    if user is None or user.phone != token.phone:
        return InvalidRefreshToken()
    if user.status != "active":
        return AccountSuspended()
    issued = tokens.issue(settings, phone=user.phone, role=user.role, session_id=token.session_id, now=now)
    rotate = (
        update(UserSession)
        .where(
            UserSession.sid == token.session_id,
            UserSession.refresh_hash == tokens.refresh_hash(token.token_id),
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > db_now(),
        )
        .values(refresh_hash=issued.refresh_hash, seen_at=db_now(), expires_at=after(settings.refresh_token_seconds))
        .execution_options(synchronize_session=False)
    )
    rotated = session.execute(rotate)
    if not isinstance(rotated, CursorResult) or rotated.rowcount != 1:
        if revoke_session(session, token.session_id):
            log.warning("session %s: a spent refresh token came back; the session is revoked", token.session_id)
        return InvalidRefreshToken()
    return TokenPair(
        access_token=issued.access_token,
        refresh_token=issued.refresh_token,
        expires_in=settings.access_token_seconds,
    )
