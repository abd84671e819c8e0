"""What is issued is what is read, and each kind of token is good for its own purpose only."""

from __future__ import annotations

import time

import jwt
import pytest

from habrio_auth.sessions.tokens import Issued, issue, refresh_hash
from habrio_auth.settings import AuthSettings
from habrio_shared.identity.user_tokens import ExpiredToken, InvalidToken, TokenReader

SECRET = "a-secret-for-the-tests-of-tokens-that-is-long"
NOW = 1_790_000_000
SETTINGS = AuthSettings.model_validate(
    {"app_env": "testing", "database_url": "sqlite:///x.db", "jwt_secret": SECRET, "otp_pepper": "pepper"}
)
ACCESS = TokenReader(kind="access", secret=SECRET, previous_secrets=(), lifetime_seconds=900)
REFRESH = TokenReader(kind="refresh", secret=SECRET, previous_secrets=(), lifetime_seconds=30 * 86_400)


def issued(now: int = NOW) -> Issued:
    return issue(SETTINGS, phone="+919876543210", role="vendor", session_id="sid-1", now=now)


def test_both_readers_read_what_is_issued() -> None:
    tokens = issued()
    access, refresh = ACCESS.read(tokens.access_token, now=NOW), REFRESH.read(tokens.refresh_token, now=NOW)
    assert (access.phone, access.session_id) == (refresh.phone, refresh.session_id) == ("+919876543210", "sid-1")
    assert refresh_hash(refresh.token_id) == tokens.refresh_hash


def test_neither_is_taken_for_the_other() -> None:
    tokens = issued()
    with pytest.raises(InvalidToken):
        ACCESS.read(tokens.refresh_token, now=NOW)
    with pytest.raises(InvalidToken):
        REFRESH.read(tokens.access_token, now=NOW)


def test_each_ends_at_its_second() -> None:
    tokens = issued()
    ACCESS.read(tokens.access_token, now=NOW + 899)
    with pytest.raises(ExpiredToken):
        ACCESS.read(tokens.access_token, now=NOW + 900)
    REFRESH.read(tokens.refresh_token, now=NOW + 30 * 86_400 - 1)
    with pytest.raises(ExpiredToken):
        REFRESH.read(tokens.refresh_token, now=NOW + 30 * 86_400)


def test_no_two_tokens_are_alike_even_within_a_second() -> None:
    made = [issued() for _ in range(50)]
    assert len({tokens.access_token for tokens in made} | {tokens.refresh_token for tokens in made}) == 100


def test_the_role_is_a_hint_in_the_access_token_only() -> None:
    tokens = issued(int(time.time()))
    assert jwt.decode(tokens.access_token, SECRET, algorithms=["HS256"])["role"] == "vendor"
    assert "role" not in jwt.decode(tokens.refresh_token, SECRET, algorithms=["HS256"])
