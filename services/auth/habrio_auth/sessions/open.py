"""A session is opened."""

from __future__ import annotations

import secrets
import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_auth.sessions import tokens
from habrio_auth.sessions.errors import AccountSuspended
from habrio_auth.sessions.models import UserSession
from habrio_auth.sessions.schemas import SignedIn
from habrio_auth.settings import current_settings
from habrio_auth.users.models import User
from habrio_shared.database import after

DEVICE_LENGTH_MAX = 200


def open_session(session: Session, user: User, device: str) -> SignedIn:
    """A new session of `user`, whose row is locked, on `device` (the User-Agent: 200 printable characters of it).

    AccountSuspended.
    """
    if user.status != "active":
        raise AccountSuspended
    settings = current_settings()
    session_id = secrets.token_urlsafe(16)
    issued = tokens.issue(settings, phone=user.phone, role=user.role, session_id=session_id, now=int(time.time()))
    session.add(
        UserSession(
            sid=session_id,
            user_id=user.id,
            device="".join(letter for letter in device if letter.isprintable())[:DEVICE_LENGTH_MAX],
            refresh_hash=issued.refresh_hash,
            expires_at=session.execute(select(after(settings.refresh_token_seconds))).scalar_one(),
        )
    )
    session.flush()
    return SignedIn(
        access_token=issued.access_token,
        refresh_token=issued.refresh_token,
        expires_in=settings.access_token_seconds,
        basic_onboarding_done=user.is_onboarded,
        role_onboarding_done=user.is_role_onboarded,
        role=user.role,
    )
