"""HS256 tokens taken apart strictly: one spelling of everything, and nothing in them that we did not put there.

PyJWT's HS256 makes and compares the signature; shape, header and types are checked here, because a library that serves
everybody is lenient where we need not be (it takes `exp` as text or as 10^400, and skips foreign letters in base64).
Each request has two tokens made or read at each stop, so nothing is taken apart twice (ADR 0026).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NoReturn

from jwt.algorithms import HMACAlgorithm
from jwt.utils import base64url_decode, base64url_encode

CLOCK_LEEWAY_SECONDS: Final = 5

# HS256 signs with 32 bytes: 43 letters, of which the last carries two bits that mean nothing and must be zero.
_SHAPE: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
_HEADER_NAMES: Final = frozenset({"alg", "typ"})
_HEADER: Final = base64url_encode(b'{"alg":"HS256","typ":"JWT"}')
_HS256: Final = HMACAlgorithm(HMACAlgorithm.SHA256)


class Refused(Exception):
    """The token is not one that we sign."""


def unproven(token: str, *, bytes_max: int) -> dict[str, Any]:
    """The claims of a token whose header is ours and whose signature nobody has compared yet. Refused."""
    shape = _SHAPE.fullmatch(token) if len(token) <= bytes_max else None
    if shape is None:
        raise Refused
    _check_header(shape[1])
    return _object(shape[2])


def prove(token: str, keys: Sequence[bytes]) -> None:
    """Refused unless one of the keys signed this well-shaped token."""
    signed, _, signature = token.rpartition(".")
    message, claimed = signed.encode(), base64url_decode(signature)
    if not any(_HS256.verify(message, key, claimed) for key in keys):
        raise Refused


def signed(claims: Mapping[str, Any], key: bytes) -> str:
    """A token of these claims."""
    message = _HEADER + b"." + base64url_encode(_WRITER.encode(claims).encode())
    return (message + b"." + base64url_encode(_HS256.sign(message, key))).decode()


def text(claims: dict[str, Any], name: str) -> str:
    """A claim that is text, be it empty. Refused."""
    value = claims.get(name)
    if not isinstance(value, str):
        raise Refused
    return value


def instant(claims: dict[str, Any], name: str) -> int:
    """Whole seconds since 1970 that a clock can show; True, 1.0, "1" and 10^400 are none. Refused."""
    value = claims.get(name)
    if type(value) is not int or not 0 < value < 2**40:
        raise Refused
    return value


def lifetime(claims: dict[str, Any], *, now: int, seconds_max: int) -> int:
    """When the token ends, of one that has begun and whose life is no longer than allowed. Refused.

    `now` in seconds since 1970. Whether the end is past is left to the caller.
    """
    issued, expires = instant(claims, "iat"), instant(claims, "exp")
    latest = now + CLOCK_LEEWAY_SECONDS
    good = (
        issued <= latest
        and 0 < expires - issued <= seconds_max + CLOCK_LEEWAY_SECONDS
        and ("nbf" not in claims or instant(claims, "nbf") <= latest)
    )
    if not good:
        raise Refused
    return expires


@lru_cache(maxsize=16)  # whoever issues tokens writes one header; what is refused is not kept
def _check_header(part: str) -> None:
    """Only `alg` and `typ`: a header that names keys or extensions (kid, jwk, jku, x5u, crit) is none of ours."""
    header = _object(part)
    if not header.keys() <= _HEADER_NAMES or header.get("alg") != "HS256" or header.get("typ", "JWT") != "JWT":
        raise Refused


def _object(part: str) -> dict[str, Any]:
    """The JSON object that this part of a token spells; without doubled keys and without NaN or Infinity."""
    try:
        value = _READER.decode(base64url_decode(part).decode())
    except (ValueError, RecursionError):  # not base64, not UTF-8, not JSON, or nested too deep
        raise Refused from None
    if type(value) is not dict:
        raise Refused
    return value


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused
    return members


def _refuse(_constant: str) -> NoReturn:
    raise Refused


_READER: Final = json.JSONDecoder(object_pairs_hook=_no_doubles, parse_constant=_refuse)
_WRITER: Final = json.JSONEncoder(separators=(",", ":"))
