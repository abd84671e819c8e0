"""The tokens that people carry, read strictly: whatever is not exactly what the auth service issues is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from habrio_shared.errors import Unauthorized
from habrio_shared.identity import jws

MAX_TOKEN_BYTES: Final = 8 * 1024

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_FOREIGN_CLAIMS: Final = ("aud", "iss")  # ours have neither: such a token was made for somebody else


class InvalidToken(Unauthorized):
    word = "invalid_token"
    sentence = "The token is not valid"


class ExpiredToken(Unauthorized):
    word = "token_expired"
    sentence = "The token has expired"


@dataclass(frozen=True, slots=True)
class UserToken:
    """What a good token says: whose it is (E.164), in which session, and its own id. Its role is a hint, not read."""

    phone: str
    session_id: str
    token_id: str


class TokenReader:
    """Verifies tokens of one kind with the current secret and those that were current before it."""

    def __init__(
        self, *, kind: Literal["access", "refresh"], secret: str, previous_secrets: Sequence[str], lifetime_seconds: int
    ) -> None:
        keys = (secret, *previous_secrets)
        if not all(key.strip() for key in keys):
            raise ValueError("an empty secret would accept anybody's token")
        self._kind = kind
        self._keys = tuple(key.encode() for key in keys)
        self._lifetime_seconds = lifetime_seconds

    def read(self, token: str, *, now: int) -> UserToken:
        """What the token says; `now` is in whole seconds since 1970. ExpiredToken or InvalidToken, both 401."""
        try:
            claims = jws.unproven(token, bytes_max=MAX_TOKEN_BYTES)
            jws.prove(token, self._keys)
            return self._checked(claims, now)
        except jws.Refused:
            raise InvalidToken from None

    def _checked(self, claims: dict[str, Any], now: int) -> UserToken:
        expires = jws.lifetime(claims, now=now, seconds_max=self._lifetime_seconds)
        phone, session_id, token_id = (jws.text(claims, name) for name in ("sub", "sid", "jti"))
        good = (
            claims.get("type") == self._kind
            and not any(name in claims for name in _FOREIGN_CLAIMS)
            and _E164.fullmatch(phone)
            and _ID.fullmatch(session_id)
            and _ID.fullmatch(token_id)
        )
        if not good:
            raise InvalidToken
        if expires <= now:
            raise ExpiredToken
        return UserToken(phone, session_id, token_id)
