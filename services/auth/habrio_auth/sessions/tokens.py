"""The tokens that this service signs (API.md, "Access token")."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import jwt

from habrio_auth.settings import AuthSettings


@dataclass(frozen=True, slots=True)
class Issued:
    """An access and a refresh token, and what is stored of the latter."""

    access_token: str
    refresh_token: str
    refresh_hash: str


def refresh_hash(token_id: str) -> str:
    """What the database keeps of a refresh token's `jti`."""
    return hashlib.sha256(token_id.encode()).hexdigest()


def issue(settings: AuthSettings, *, phone: str, role: str | None, session_id: str, now: int) -> Issued:
    """Both tokens of a session from `now` (seconds since 1970) on; the role is a hint that nobody decides by."""
    secret = settings.jwt_secret.get_secret_value()
    common = {"sub": phone, "sid": session_id, "iat": now}
    access = {
        **common,
        "role": role,
        "type": "access",
        "exp": now + settings.access_token_seconds,
        "jti": secrets.token_urlsafe(12),
    }
    token_id = secrets.token_urlsafe(24)
    refresh = {**common, "type": "refresh", "exp": now + settings.refresh_token_seconds, "jti": token_id}
    return Issued(
        access_token=jwt.encode(access, secret, algorithm="HS256"),
        refresh_token=jwt.encode(refresh, secret, algorithm="HS256"),
        refresh_hash=refresh_hash(token_id),
    )
