"""The tokens that people carry, read strictly: whatever is not exactly what the auth service issues is refused.

PyJWT compares the signature; shape, header and claims are checked here, because a library that serves everybody is
lenient where we need not be (it takes `exp` as text or as 10^400, and skips foreign letters in base64).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NoReturn

import jwt

from habrio_shared.errors import Unauthorized

MAX_TOKEN_BYTES: Final = 8 * 1024
CLOCK_LEEWAY_SECONDS: Final = 5

# HS256 signs with 32 bytes: 43 letters, of which the last carries two bits that mean nothing and must be zero.
_SHAPE: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_HEADER_NAMES: Final = frozenset({"alg", "typ"})
_FOREIGN_CLAIMS: Final = ("aud", "iss")  # ours have neither: such a token was made for somebody else
_JWS: Final = jwt.PyJWS(algorithms=["HS256"])


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
        if len(token) > MAX_TOKEN_BYTES:
            raise InvalidToken
        shape = _SHAPE.fullmatch(token)
        if shape is None:
            raise InvalidToken
        _check_header(_decoded(shape[1]))
        return self._checked(_object(self._signed_payload(token)), now)

    def _signed_payload(self, token: str) -> bytes:
        for key in self._keys:
            try:
                payload: bytes = _JWS.decode(token, key, algorithms=["HS256"])
            except jwt.InvalidTokenError:
                continue
            return payload
        raise InvalidToken

    def _checked(self, claims: dict[str, Any], now: int) -> UserToken:
        issued, expires = _instant(claims, "iat"), _instant(claims, "exp")
        phone, session_id, token_id = (_text(claims, name) for name in ("sub", "sid", "jti"))
        good = (
            claims.get("type") == self._kind
            and not any(name in claims for name in _FOREIGN_CLAIMS)
            and _E164.fullmatch(phone)
            and _ID.fullmatch(session_id)
            and _ID.fullmatch(token_id)
            and issued <= now + CLOCK_LEEWAY_SECONDS
            and 0 < expires - issued <= self._lifetime_seconds + CLOCK_LEEWAY_SECONDS
            and ("nbf" not in claims or _instant(claims, "nbf") <= now + CLOCK_LEEWAY_SECONDS)
        )
        if not good:
            raise InvalidToken
        if expires <= now:
            raise ExpiredToken
        return UserToken(phone, session_id, token_id)


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str):
        raise InvalidToken
    return value


def _instant(claims: dict[str, Any], name: str) -> int:
    """Whole seconds since 1970 that a clock can show; True, 1.0, "1" and 10^400 are none."""
    value = claims.get(name)
    if type(value) is not int or not 0 < value < 2**40:
        raise InvalidToken
    return value


def _check_header(raw: bytes) -> None:
    """Only `alg` and `typ`: a header that names keys or extensions (kid, jwk, jku, x5u, crit) is none of ours."""
    header = _object(raw)
    if not header.keys() <= _HEADER_NAMES or header.get("alg") != "HS256" or header.get("typ", "JWT") != "JWT":
        raise InvalidToken


def _decoded(part: str) -> bytes:
    try:
        return jwt.utils.base64url_decode(part)
    except ValueError:
        raise InvalidToken from None


def _object(raw: bytes) -> dict[str, Any]:
    """A JSON object without doubled keys and without NaN or Infinity."""
    try:
        value = json.loads(raw, object_pairs_hook=_no_doubles, parse_constant=_refuse)
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested too deep
        raise InvalidToken from None
    if type(value) is not dict:
        raise InvalidToken
    return value


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidToken
    return members


def _refuse(_constant: str) -> NoReturn:
    raise InvalidToken
