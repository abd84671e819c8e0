"""Refresh tokens rotate, and a spent one ends its session."""

from __future__ import annotations

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import jwt
import pytest
from flask import Flask
from sqlalchemy import select, text, update

from habrio_auth.sessions.models import UserSession
from habrio_auth.users.models import User
from habrio_gateway.verify import SessionEnded
from habrio_shared import faults
from habrio_shared.database import after, reading, transaction
from tests.integration.auth.conftest import MakeApp
from tests.integration.auth.people import Tokens, log_in, with_token
from tests.support.database import SECRETS
from tests.support.signed import anonymous

SECRET = SECRETS["JWT_SECRET"]


def claims_of(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, SECRET, algorithms=["HS256"])
    return claims


def refreshed(app: Flask, refresh_token: str) -> Tokens:
    answer = anonymous(app).post("/auth/refresh", {"refresh_token": refresh_token})
    assert (answer["expires_in"], answer["token_type"]) == (900, "Bearer")
    return Tokens("", answer["access_token"], answer["refresh_token"])


def refuse(app: Flask, refresh_token: str) -> None:
    answer = anonymous(app).post("/auth/refresh", {"refresh_token": refresh_token}, expect=401)
    assert answer["error"] == "invalid_refresh_token"


def test_tokens_carry_exactly_the_documented_claims(app: Flask) -> None:
    tokens = log_in(app)
    access, refresh = claims_of(tokens.access), claims_of(tokens.refresh)
    assert access.keys() == {"sub", "role", "type", "sid", "iat", "exp", "jti"}
    assert refresh.keys() == {"sub", "type", "sid", "iat", "exp", "jti"}
    assert (access["sub"], access["type"], access["role"]) == (f"+91{tokens.phone}", "access", None)
    assert (refresh["sub"], refresh["type"], refresh["sid"]) == (f"+91{tokens.phone}", "refresh", access["sid"])
    lives = [int(str(claims["exp"])) - int(str(claims["iat"])) for claims in (access, refresh)]
    assert lives == [900, 30 * 86_400]
    assert jwt.get_unverified_header(tokens.access) == {"alg": "HS256", "typ": "JWT"}


def test_a_refresh_rotates_both_tokens_of_the_same_session(app: Flask) -> None:
    first = log_in(app)
    second = refreshed(app, first.refresh)
    third = refreshed(app, second.refresh)
    assert len({first.access, second.access, third.access, first.refresh, second.refresh, third.refresh}) == 6
    assert len({claims_of(tokens.access)["sid"] for tokens in (first, second, third)}) == 1
    for tokens in (first, second, third):
        with_token(app, tokens.access).get("/me")


def test_a_spent_token_ends_its_session_although_it_is_refused(app: Flask) -> None:
    first = log_in(app)
    other_device = log_in(app, first.phone)
    second = refreshed(app, first.refresh)
    refuse(app, first.refresh)
    for tokens in (first, second):
        with pytest.raises(SessionEnded):
            with_token(app, tokens.access)
    refuse(app, second.refresh)
    with_token(app, other_device.access).get("/me")
    refreshed(app, other_device.refresh)


def test_of_refreshes_at_once_one_wins_and_the_others_end_the_session(app: Flask) -> None:
    tokens = log_in(app)
    barrier = Barrier(4)

    def refresh(_number: int) -> tuple[int, str]:
        barrier.wait(10)
        answer = anonymous(app).request("POST", "/api/v1/auth/refresh", json={"refresh_token": tokens.refresh})
        return answer.status_code, answer.get_json().get("refresh_token", "")

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(refresh, range(4)))
    assert [status for status, _ in answers] == [200, 401, 401, 401]
    refuse(app, answers[0][1])


def test_the_database_keeps_only_a_hash_of_the_token_s_id(app: Flask) -> None:
    token_id = str(claims_of(log_in(app).refresh)["jti"])
    with app.app_context(), reading() as session:
        newest = session.execute(text("SELECT * FROM sessions ORDER BY id DESC LIMIT 1")).one()
    assert token_id not in str(newest)
    assert newest.refresh_hash == hashlib.sha256(token_id.encode()).hexdigest()


def test_an_expired_session_is_neither_let_in_nor_refreshed(app: Flask) -> None:
    tokens = log_in(app)
    sid = claims_of(tokens.access)["sid"]
    with app.app_context(), transaction() as session:
        session.execute(update(UserSession).where(UserSession.sid == sid).values(expires_at=after(-1)))
    with pytest.raises(SessionEnded):
        with_token(app, tokens.access)
    refuse(app, tokens.refresh)


def test_a_refresh_makes_the_session_last_30_days_again(app: Flask) -> None:
    tokens = log_in(app)
    sid = claims_of(tokens.access)["sid"]
    with app.app_context(), transaction() as session:
        session.execute(update(UserSession).where(UserSession.sid == sid).values(expires_at=after(60)))
    refreshed(app, tokens.refresh)
    with app.app_context(), reading() as reader:
        row = reader.execute(select(UserSession).where(UserSession.sid == sid)).scalar_one()
    assert abs(row.expires_at.timestamp() - time.time() - 30 * 86_400) < 60


def test_only_refresh_tokens_of_ours_are_taken(app: Flask) -> None:
    tokens = log_in(app)
    claims = claims_of(tokens.refresh)
    forged = {
        "access token": tokens.access,
        "another secret": jwt.encode(claims, "x" * 40, algorithm="HS256"),
        "no signature": jwt.encode(claims, "", algorithm="none"),
        "another algorithm": jwt.encode(claims, SECRET, algorithm="HS384"),
        "expired": jwt.encode({**claims, "iat": 1_000_000_000, "exp": 1_000_000_060}, SECRET),
        "too long a life": jwt.encode({**claims, "exp": int(time.time()) + 90 * 86_400}, SECRET),
        "no id": jwt.encode({name: claims[name] for name in claims if name != "jti"}, SECRET),
        "exp as text": jwt.encode({**claims, "exp": str(claims["exp"])}, SECRET),
        "a key in the header": jwt.encode(claims, SECRET, headers={"kid": "1"}),
        "another user's": jwt.encode({**claims, "sub": "+919800000000"}, SECRET),
        "no session of ours": jwt.encode({**claims, "sid": "none-such"}, SECRET),
        "garbage": "garbage",
        "dots": "..",
        "not ascii": "été.été.été",
    }
    for token in forged.values():
        refuse(app, token)
    refreshed(app, tokens.refresh)


def test_a_previous_secret_still_verifies_and_a_removed_one_no_more(make_app: MakeApp) -> None:
    app = make_app(
        JWT_SECRET="the-new-secret-that-signs-from-now-on",
        JWT_PREVIOUS_SECRETS=f"{SECRET},another-old-one-that-nobody-has-used",
    )
    tokens = [log_in(app).refresh for _ in range(2)]
    aged = [
        jwt.encode(jwt.decode(token, "the-new-secret-that-signs-from-now-on", algorithms=["HS256"]), secret)
        for token, secret in zip(tokens, (SECRET, "a-secret-that-was-removed-some-time-ago"), strict=True)
    ]
    assert jwt.decode(refreshed(app, aged[0]).access, "the-new-secret-that-signs-from-now-on", algorithms=["HS256"])
    refuse(app, aged[1])


def test_the_suspended_get_no_new_tokens(app: Flask) -> None:
    tokens = log_in(app)
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.phone == f"+91{tokens.phone}").values(status="suspended"))
    answer = anonymous(app).post("/auth/refresh", {"refresh_token": tokens.refresh}, expect=403)
    assert answer["error"] == "account_suspended"


def test_a_refresh_that_fails_before_its_commit_has_spent_nothing(app: Flask) -> None:
    tokens = log_in(app)
    with app.app_context():
        faults.arm(faults.parse("auth.sessions.refresh.before_commit:raise"))
    try:
        answer = anonymous(app).request("POST", "/api/v1/auth/refresh", json={"refresh_token": tokens.refresh})
        assert answer.status_code == 500
    finally:
        faults.arm([])
    refreshed(app, tokens.refresh)
