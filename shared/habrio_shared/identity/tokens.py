"""Internal tokens: what the gateway and the services sign for each other, for 30 seconds and one request."""

from __future__ import annotations

import re
import time
from typing import Any, Final, cast, get_args

from habrio_shared.identity import jws
from habrio_shared.identity.caller import Caller, Role
from habrio_shared.identity.keys import KeyRing

HEADER = "X-Internal-Token"
TOKEN_LENGTH_MAX = 12_000
"""Name, city and society of 200 letters each, in the widest script there is, still fit; so does a header of 16 KiB."""
LIFETIME_SECONDS_MAX = 300
"""The most that INTERNAL_TOKEN_SECONDS may be, at whoever signs."""

_ROLES: Final = frozenset(get_args(Role))
_NOBODYS: Final = ("anonymous", "service")
_SERVICE: Final = re.compile(r"[a-z]{1,30}")
_USER_ID: Final = re.compile(r"[1-9][0-9]{0,15}")


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
    return jws.signed(claims, key)


def verify(keys: KeyRing, token: str, *, audience: str, method: str, path: str) -> Caller:
    """The caller that the token vouches for; InvalidInternalToken if it is not for this very request."""
    try:
        claims = jws.unproven(token, bytes_max=TOKEN_LENGTH_MAX)
        issuer = jws.text(claims, "iss")
        key = keys.key(issuer, audience) if _SERVICE.fullmatch(issuer) else None
        if key is None:
            raise InvalidInternalToken
        jws.prove(token, [key])
        now = int(time.time())
        expires = jws.lifetime(claims, now=now, seconds_max=LIFETIME_SECONDS_MAX)
        bound = claims.get("aud"), claims.get("method"), claims.get("path")
        if bound != (audience, method, path) or expires + jws.CLOCK_LEEWAY_SECONDS <= now:
            raise InvalidInternalToken
        return _caller(issuer, claims)
    except jws.Refused as error:
        raise InvalidInternalToken from error


def _caller(issuer: str, claims: dict[str, Any]) -> Caller:
    role = jws.text(claims, "role")
    if role not in _ROLES:
        raise InvalidInternalToken
    if "sub" not in claims:
        return Caller(issuer=issuer, role=cast(Role, role))
    user_id = jws.text(claims, "sub")
    if role in _NOBODYS or not _USER_ID.fullmatch(user_id):
        raise InvalidInternalToken
    return Caller(
        issuer=issuer,
        role=cast(Role, role),
        user_id=int(user_id),
        session_id=jws.text(claims, "sid"),
        phone=jws.text(claims, "phone"),
        name=jws.text(claims, "name"),
        city=jws.text(claims, "city"),
        society=jws.text(claims, "society"),
    )
