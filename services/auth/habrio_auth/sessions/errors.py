"""How a session can be refused."""

from __future__ import annotations

from habrio_shared.errors import Forbidden, NotFound, Unauthorized


class InvalidRefreshToken(Unauthorized):
    """Malformed, expired, spent, revoked, or not a refresh token."""

    word = "invalid_refresh_token"
    sentence = "The refresh token is not valid, please sign in again"


class AccountSuspended(Forbidden):
    word = "account_suspended"
    sentence = "This account is suspended"


class SessionNotFound(NotFound):
    word = "session_not_found"
    sentence = "You have no such session"
