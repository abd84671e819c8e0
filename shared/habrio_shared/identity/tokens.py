"""Internal tokens: what the gateway and the services sign for each other, for 30 seconds and one request."""

from __future__ import annotations

import time
from typing import Any

import jwt

from habrio_shared.identity.caller import Caller
from habrio_shared.identity.keys import KeyRing

HEADER = "X-Internal-Token"
TOKEN_LENGTH_MAX = 12_000
"""Name, city and society of 200 letters each, in the widest script there is, still fit; so does a header of 16 KiB."""
CLOCK_SKEW_SECONDS = 5


class InvalidInternalToken(Exception):
    """The token is missing, forged, expired, or meant for another request."""


def mint(keys: KeyRing, caller: Caller, *, audience: str, method: str, path: str, seconds: int) -> str:
    """A token by which `caller.issuer` asks `audience` for exactly this method and decoded path."""
    key = keys.key(caller.issuer, audience)
    if key is None:
        raise ValueError(f"this process holds no key to call {audience}")
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": caller.issuer,
        "aud": audience,
        "iat": now,
        "exp": now + seconds,
        "method": method,
        "path": path,
        "role": caller.role,
    }
    if caller.user_id:
        claims |= {
            "sub": str(caller.user_id),
            "sid": caller.session_id,
            "phone": caller.phone,
            "name": caller.name,
            "city": caller.city,
            "society": caller.society,
        }
    return jwt.encode(claims, key, algorithm="HS256")


def verify(keys: KeyRing, token: str, *, audience: str, method: str, path: str) -> Caller:
    """The caller that the token vouches for; InvalidInternalToken if it is not for this very request."""
    if not token or len(token) > TOKEN_LENGTH_MAX:
        raise InvalidInternalToken
    try:
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        if not isinstance(issuer, str):
            raise InvalidInternalToken
        key = keys.key(issuer, audience)
        if key is None:
            raise InvalidInternalToken
        claims = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=audience,
            leeway=CLOCK_SKEW_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud"]},
        )
    except (jwt.InvalidTokenError, ValueError, OverflowError, RecursionError) as error:
        raise InvalidInternalToken from error
    if claims.get("method") != method or claims.get("path") != path:
        raise InvalidInternalToken
    return Caller(
        issuer=issuer,
        role=claims.get("role", "anonymous"),
        user_id=int(claims.get("sub", 0)),
        session_id=claims.get("sid", ""),
        phone=claims.get("phone", ""),
        name=claims.get("name", ""),
        city=claims.get("city", ""),
        society=claims.get("society", ""),
    )
