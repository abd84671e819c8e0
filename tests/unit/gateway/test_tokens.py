"""Access tokens: one shape is accepted, everything else is 401."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habrio_gateway.tokens import AccessTokens, MissingToken
from habrio_shared.errors import Unauthorized
from habrio_shared.identity.user_tokens import MAX_TOKEN_BYTES, ExpiredToken, InvalidToken

SECRET = "an-access-secret-of-forty-characters-AAA"
OLDER = "an-older-secret-of-forty-characters-BBBB"
NOW = 1_800_000_000
READER = AccessTokens(secret=SECRET, previous_secrets=[OLDER], lifetime_seconds=900)
CLAIMS: dict[str, Any] = {
    "sub": "+919876543210",
    "role": "consumer",
    "type": "access",
    "sid": "a1-B_2",
    "iat": NOW - 10,
    "exp": NOW + 890,
    "jti": "j",
}
HEADER = {"alg": "HS256", "typ": "JWT"}


def part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(payload: bytes, header: bytes | None = None, secret: str = SECRET, digest: str = "sha256") -> str:
    """A token with exactly these bytes in it."""
    text = f"{part(json.dumps(HEADER).encode() if header is None else header)}.{part(payload)}"
    return f"{text}.{part(hmac.new(secret.encode(), text.encode(), getattr(hashlib, digest)).digest())}"


def token(**changes: Any) -> str:
    return signed(json.dumps({name: value for name, value in (CLAIMS | changes).items() if value is not ...}).encode())


def with_header(**changes: Any) -> str:
    return signed(json.dumps(CLAIMS).encode(), json.dumps(HEADER | changes).encode())


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "BEARER  {}", "{}", "  {}  ", "Bearer\t{}"])
def test_a_good_token_is_read_with_and_without_bearer(form: str) -> None:
    read = READER.read(form.format(token()), now=NOW)
    assert (read.phone, read.session_id) == ("+919876543210", "a1-B_2")


def test_what_pyjwt_issues_is_accepted() -> None:
    assert READER.read(jwt.encode(CLAIMS, SECRET, algorithm="HS256"), now=NOW).session_id == "a1-B_2"


def test_a_previous_secret_still_verifies_and_a_removed_one_does_not() -> None:
    older = jwt.encode(CLAIMS, OLDER, algorithm="HS256")
    assert READER.read(older, now=NOW).session_id == "a1-B_2"
    with pytest.raises(InvalidToken):
        AccessTokens(secret=SECRET, previous_secrets=[], lifetime_seconds=900).read(older, now=NOW)


def test_the_clock_decides_to_the_second() -> None:
    assert READER.read(token(), now=NOW + 889)
    with pytest.raises(ExpiredToken):
        READER.read(token(), now=NOW + 890)


@pytest.mark.parametrize("given_", [None, "", "   "])
def test_no_token_is_missing(given_: str | None) -> None:
    with pytest.raises(MissingToken):
        READER.read(given_, now=NOW)


BAD_CLAIMS: list[dict[str, Any]] = [
    *({"exp": value} for value in (..., None, str(NOW + 9), NOW + 9.0, 10**400, -1, 0, True, [NOW], NOW - 10)),
    *({"iat": value} for value in (..., None, str(NOW), NOW - 1.0, 10**400, -1, True, NOW + 6)),
    *({"nbf": value} for value in (NOW + 6, str(NOW), None, True, 1.5)),
    {"iat": NOW - 20, "exp": NOW + 890},
    {"iat": NOW, "exp": NOW + 10**9},
    *({"type": value} for value in (..., "refresh", "Access", None, ["access"], True)),
    *({"sub": value} for value in (..., None, 7, "", "9876543210", "+0123456789", "+91987654321०", "+919876543210\n")),
    *({"sid": value} for value in (..., None, 7, "", "a" * 101, "a b", "a\x00", "' OR 1=1", ["s"])),
    *({"aud": value} for value in ("auth", "", None, ["gateway"])),
    {"iss": "gateway"},
]


@pytest.mark.parametrize("changes", BAD_CLAIMS, ids=str)
def test_claims_that_auth_never_issues_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        READER.read(token(**changes), now=NOW)


def test_not_a_number_is_no_instant() -> None:
    for value in (math.nan, math.inf):
        with pytest.raises(InvalidToken):
            READER.read(token(exp=value), now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        *({"alg": name} for name in ("none", "None", "NONE", "nOnE", "", "hs256", "HS384", "HS512", "RS256", "ES256")),
        {"alg": None},
        {"alg": ["HS256"]},
        {"typ": "at+jwt"},
        {"typ": None},
        {"kid": "1"},
        {"kid": "../../dev/null"},
        {"jwk": {"kty": "oct", "k": part(SECRET.encode())}},
        {"jku": "http://evil.example/k"},
        {"x5u": "http://evil.example/k"},
        {"x5c": ["AA=="]},
        {"crit": ["exp"]},
        {"b64": False},
        {"zip": "DEF"},
        {"cty": "JWT"},
    ],
    ids=str,
)
def test_a_header_other_than_ours_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        READER.read(with_header(**changes), now=NOW)


def test_signatures_that_do_not_match_are_refused() -> None:
    good = token()
    text, _, signature = good.rpartition(".")
    forged = [f"{text}.", text, f"{text}.{signature[:-1]}", f"{text}.{signature}A", f"{text}.{signature}=", good + "."]
    forged += [signed(json.dumps(CLAIMS).encode(), secret=secret) for secret in ("", " ", "secret", "changeme")]
    forged += [signed(json.dumps(CLAIMS).encode(), digest=digest) for digest in ("sha384", "sha512", "sha1")]
    for bad in forged:
        with pytest.raises(InvalidToken):
            READER.read(bad, now=NOW)


def test_no_letter_of_a_token_can_be_exchanged() -> None:
    good = token()
    for index, letter in enumerate(good):
        other = "A" if letter != "A" else "B"
        with pytest.raises(Unauthorized):
            READER.read(good[:index] + other + good[index + 1 :], now=NOW)


def test_the_last_letter_of_the_signature_has_one_spelling() -> None:
    good = token()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for letter in alphabet.replace(good[-1], ""):
        with pytest.raises(InvalidToken):
            READER.read(good[:-1] + letter, now=NOW)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b'"access"',
        b"\xff\xfe",
        b"{",
        b"[" * 5000 + b"]" * 5000,
        json.dumps(CLAIMS).encode().replace(b'"sid"', b'"sid": "other", "sid"'),
        json.dumps(CLAIMS).encode().replace(b'"jti": "j"', b'"x": {"a": 1, "a": 2}'),
        json.dumps(CLAIMS | {"x": "y"}).encode().replace(b'"y"', b"NaN"),
    ],
    ids=["empty", "null", "list", "text", "no UTF-8", "half", "deep", "doubled key", "doubled inside", "NaN"],
)
def test_payloads_that_are_no_plain_object_are_refused(payload: bytes) -> None:
    with pytest.raises(InvalidToken):
        READER.read(signed(payload), now=NOW)


def test_a_doubled_key_in_the_header_is_refused() -> None:
    with pytest.raises(InvalidToken):
        READER.read(signed(json.dumps(CLAIMS).encode(), b'{"alg":"none","alg":"HS256"}'), now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        "Bearer",
        "Basic dTpw",
        "Bearer Bearer x",
        "é.é.é",
        "\x00",
        "..",
        "{}, {}",
        "{} {}",
    ],
)
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        READER.read(text.replace("{}", token()), now=NOW)


def test_size_is_judged_before_anything_is_decoded() -> None:
    huge = token(padding="x" * MAX_TOKEN_BYTES)
    for text in (huge, "a." * 500_000, "x" * 1_000_000):
        with pytest.raises(InvalidToken):
            READER.read(text, now=NOW)


def test_an_empty_secret_is_a_mistake_of_the_settings() -> None:
    for secret, previous in (("", []), (SECRET, [""]), ("  ", [])):
        with pytest.raises(ValueError, match="empty secret"):
            AccessTokens(secret=secret, previous_secrets=previous, lifetime_seconds=900)


@given(st.text(max_size=200) | st.binary(max_size=100).map(signed))
def test_nothing_but_401_comes_of_garbage(text: str) -> None:
    with pytest.raises(Unauthorized):
        READER.read(text, now=NOW)
