"""Forged and misshapen tokens: each is what an attacker makes of a good token's claims.

`forgeries` needs no secret: what anybody can send. `misshapen` is signed with the right key: what a careless library
would take from a holder of an older or another product's token, and what nobody but auth may mean.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from tests.security.realm import HEADER, part, signed

COMMON_SECRETS = ("", " ", "secret", "changeme", "password", "jwt", "test", "dev", "your-256-bit-secret", "null")
HUGE_BYTES = 1_000_000
DEPTH = 100_000
FITTING_DEPTH = 2_500  # still passes nginx and the limits on length

Attack = tuple[str, str]
"""What is tried, and the token."""


def dumped(claims: dict[str, Any]) -> bytes:
    return json.dumps(claims).encode()


def header(**changes: Any) -> bytes:
    """HS256's header with these members changed; `...` takes one away."""
    return dumped({name: value for name, value in (HEADER | changes).items() if value is not ...})


def forgeries(claims: dict[str, Any], key: bytes) -> Iterator[Attack]:
    """Tokens whose signature is missing, cut, of another key or another algorithm."""
    payload, good = dumped(claims), signed(dumped(claims), key)
    text, _, signature = good.rpartition(".")
    for alg in ("none", "None", "NONE", "nOnE", " none", "none\x00", "", "null"):
        unsigned = f"{part(header(alg=alg))}.{part(payload)}"
        yield f"alg {alg!r}, no signature", f"{unsigned}."
        yield f"alg {alg!r}, no third part", unsigned
        yield f"alg {alg!r}, the good signature", f"{unsigned}.{signature}"
    for secret in COMMON_SECRETS:
        yield f"signed with {secret!r}", signed(payload, secret.encode())
    yield "an empty signature", f"{text}."
    yield "no signature", text
    yield "half a signature", f"{text}.{signature[:20]}"
    yield "a signature short of a letter", f"{text}.{signature[:-1]}"
    yield "a signature with a letter more", f"{good}A"
    yield "a padded signature", f"{good}="
    yield "zeros for a signature", f"{text}.{part(bytes(32))}"
    yield "a fourth part", f"{good}.{signature}"
    yield "another payload under the signature", f"{part(header())}.{part(dumped(claims | {'x': 1}))}.{signature}"
    yield "the secret's hex spelling for a key", signed(payload, key.hex().encode())
    for alg, digest in (("HS256", "sha1"), ("HS256", "sha384"), ("HS256", "sha512")):
        yield f"{alg} by {digest}", signed(payload, key, header(alg=alg), digest)
    yield "1 MB of letters", f"{part(header())}.{'A' * HUGE_BYTES}.{signature}"
    yield "1 MB of dots", "." * HUGE_BYTES
    yield "nested 100,000 deep", f"{part(header())}.{part(b'[' * DEPTH + b']' * DEPTH)}.{signature}"


def misshapen(claims: dict[str, Any], key: bytes) -> Iterator[Attack]:
    """Tokens with a good signature of the right key that are not what we issue."""
    payload, now = dumped(claims), int(time.time())
    for alg, digest in (("HS384", "sha384"), ("HS512", "sha512"), ("RS256", "sha256"), ("ES256", "sha256")):
        yield f"{alg} with the secret for a key", signed(payload, key, header(alg=alg), digest)
    algs: tuple[Any, ...] = (..., None, ["HS256"], {"HS256": 1}, 256, True, "hs256", "none", "")
    yield from ((f"header's alg {value!r}", signed(payload, key, header(alg=value))) for value in algs)
    strange: dict[str, Any] = {
        "kid": "../../../dev/null",
        "jwk": {"kty": "oct", "k": part(key)},
        "jku": "http://127.0.0.1/keys",
        "x5u": "http://127.0.0.1/keys",
        "x5c": ["AA=="],
        "crit": ["exp"],
        "b64": False,
        "zip": "DEF",
    }
    for name, value in strange.items():
        yield f"header with {name}", signed(payload, key, header(**{name: value}))
    yield "alg twice in the header", signed(payload, key, b'{"alg":"none","alg":"HS256"}')
    yield "exp twice", signed(payload[:-1] + f', "exp": {claims["exp"]}}}'.encode(), key)
    yield "a list for a payload", signed(b"[]", key)
    yield "no payload", signed(b"", key)
    yield "NaN for exp", signed(dumped(claims | {"exp": float("nan")}), key)
    yield "deep as far as it fits", signed(b"[" * FITTING_DEPTH + b"]" * FITTING_DEPTH, key)
    for value in (..., None, str(now + 20), now + 20.0, 10**400, -1, 0, True, [now + 20], now - 60):
        yield f"exp {str(value)[:30]!r}", signed(_with(claims, "exp", value), key)
    for value in (..., None, str(now), float(now), 10**400, -1, True, now + 20):
        yield f"iat {str(value)[:30]!r}", signed(_with(claims, "iat", value), key)
    for value in (now + 20, str(now), None, True, 10**400):
        yield f"nbf {str(value)[:30]!r}", signed(_with(claims, "nbf", value), key)
    for seconds in (60, 10**6, 10**9):
        longer = claims | {"exp": claims["exp"] + seconds * 10}
        yield f"a life {seconds * 10} s too long", signed(dumped(longer), key)


def _with(claims: dict[str, Any], name: str, value: Any) -> bytes:
    return dumped({key: kept for key, kept in (claims | {name: value}).items() if kept is not ...})
