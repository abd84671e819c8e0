"""The decision in the order that the API promises."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import jwt
import pytest
from pydantic import SecretStr

from habrio_gateway.routes import Route, table
from habrio_gateway.sessions import Session, SessionsUnavailable
from habrio_gateway.settings import GatewaySettings
from habrio_gateway.tokens import AccessTokens
from habrio_gateway.verify import Allowed, Asked, Limit, Verifier
from habrio_shared.errors import HabrioError, TooManyRequests
from habrio_shared.identity import tokens as internal_tokens
from habrio_shared.identity.caller import Caller
from habrio_shared.identity.keys import KeyRing

SECRET = "an-access-secret-of-forty-characters-AAA"
PHONE = "+919876543210"
SETTINGS = GatewaySettings(
    app_env="testing",
    jwt_secret=SecretStr(SECRET),
    internal_secret=SecretStr("an-internal-secret-of-forty-characters-B"),
    auth_view_url="sqlite:///none.db",
)
KEYS = KeyRing(SETTINGS)
LIVE = Session("s1", 7, True, True, "consumer", PHONE, "Ravi", "Pune", "Green Park")


class FakeSessions:
    """One session, or an outage."""

    def __init__(self, session: Session | None) -> None:
        self.session = session
        self.asked: list[str] = []
        self.away = False

    def find(self, session_id: str) -> Session | None:
        self.asked.append(session_id)
        if self.away:
            raise SessionsUnavailable
        return self.session if self.session and self.session.session_id == session_id else None


def verifier(sessions: FakeSessions, *limits: Limit) -> Verifier:
    return Verifier(
        routes=table(app_env="testing", with_agent=False),
        tokens=AccessTokens(secret=SECRET, previous_secrets=[], lifetime_seconds=900),
        sessions=sessions,
        keys=KEYS,
        internal_token_seconds=30,
        limits=limits,
    )


def authorization(session_id: str = "s1", **changes: Any) -> str:
    now = int(time.time())
    claims = {"sub": PHONE, "type": "access", "jti": "j1", "sid": session_id, "iat": now, "exp": now + 900}
    return "Bearer " + jwt.encode(claims | changes, SECRET, algorithm="HS256")


def asked(path: str, token: str | None = None, method: str = "GET") -> Asked:
    return Asked(method=method, raw_path=path, authorization=token, client_address="203.0.113.7")


def denied(asking: Asked, session: Session | None = LIVE, *, away: bool = False) -> tuple[int, str]:
    sessions = FakeSessions(session)
    sessions.away = away
    with pytest.raises(HabrioError) as refusal:
        verifier(sessions).decide(asking)
    return refusal.value.status, refusal.value.word


ME = "/api/v1/me"


@pytest.mark.parametrize(
    ("path", "token", "session", "status", "word"),
    [
        ("/api/v1/nowhere", None, LIVE, 404, "not_found"),
        ("/api/v1/nowhere", "good", LIVE, 404, "not_found"),
        ("/internal/messages/orders.place", "good", LIVE, 404, "not_found"),
        ("/health", "good", LIVE, 404, "not_found"),
        ("/verify", "good", LIVE, 404, "not_found"),
        ("/api/v1/agent/query", "good", LIVE, 404, "not_found"),
        ("/api/v1//me", "good", LIVE, 404, "not_found"),
        ("/api/v1/consumer/../me", "good", LIVE, 404, "not_found"),
        ("/api/v1/consumer/%2e%2e/me", "good", LIVE, 404, "not_found"),
        ("/api/v1/consumer%2fcart", "good", LIVE, 400, "bad_request"),
        ("/api/v1/me%00", "good", LIVE, 400, "bad_request"),
        (ME, None, LIVE, 401, "missing_token"),
        (ME, "x.y.z", LIVE, 401, "invalid_token"),
        (ME, "expired", LIVE, 401, "token_expired"),
        (ME, "good", None, 401, "session_ended"),
        (ME, "good", replace(LIVE, live=False), 401, "session_ended"),
        (ME, "good", replace(LIVE, live=False, active=False), 401, "session_ended"),
        (ME, "good", replace(LIVE, phone="+919876500000"), 401, "session_ended"),
        (ME, "good", replace(LIVE, active=False), 403, "account_suspended"),
    ],
)
def test_denials(path: str, token: str | None, session: Session | None, status: int, word: str) -> None:
    now = int(time.time())
    made = {"good": authorization(), "expired": authorization(iat=now - 900, exp=now - 1)}.get(token or "", token)
    assert denied(asked(path, made), session) == (status, word)


def test_an_auth_database_that_is_away_lets_nobody_in_and_says_when_to_come_back() -> None:
    assert denied(asked(ME, authorization()), away=True) == (503, "service_unavailable")
    sessions = FakeSessions(LIVE)
    sessions.away = True
    with pytest.raises(SessionsUnavailable) as refusal:
        verifier(sessions).decide(asked(ME, authorization()))
    assert refusal.value.retry_after_seconds == 1


def test_a_bad_token_never_reaches_the_database() -> None:
    sessions = FakeSessions(LIVE)
    for token in (None, "x.y.z", authorization(type="refresh")):
        with pytest.raises(HabrioError):
            verifier(sessions).decide(asked(ME, token))
    assert sessions.asked == []


def vouched(allowed: Allowed, audience: str, method: str, path: str) -> Caller:
    """What the owning service reads in the token; for any other audience, method or path it is refused."""
    for wrong in ({"audience": "admin"}, {"method": "PUT"}, {"path": path + "x"}):
        with pytest.raises(internal_tokens.InvalidInternalToken):
            internal_tokens.verify(
                KEYS, allowed.internal_token, **({"audience": audience, "method": method, "path": path} | wrong)
            )
    return internal_tokens.verify(KEYS, allowed.internal_token, audience=audience, method=method, path=path)


def test_a_live_session_gets_a_token_for_this_request_alone() -> None:
    allowed = verifier(FakeSessions(LIVE)).decide(asked("/api/v1/consumer/orders/5/cancel", authorization(), "POST"))
    caller = vouched(allowed, "consumer", "POST", "/api/v1/consumer/orders/5/cancel")
    assert caller == allowed.caller == Caller("gateway", "consumer", 7, "s1", PHONE, "Ravi", "Pune", "Green Park")


def test_the_token_is_bound_to_the_path_as_flask_shows_it() -> None:
    path = "/api/v1/consumer/%E0%A4%B0"
    allowed = verifier(FakeSessions(LIVE)).decide(asked(path, authorization()))
    assert vouched(allowed, "consumer", "GET", "/api/v1/consumer/र")


def test_the_role_is_the_databases_and_not_the_tokens() -> None:
    session = replace(LIVE, role="vendor")
    allowed = verifier(FakeSessions(session)).decide(asked(ME, authorization(role="admin")))
    assert allowed.caller.role == "vendor"


@pytest.mark.parametrize("token", [None, "x.y.z", "good"])
def test_a_public_path_is_anonymous_whatever_token_comes_with_it(token: str | None) -> None:
    sessions = FakeSessions(LIVE)
    made = authorization() if token == "good" else token
    allowed = verifier(sessions).decide(asked("/api/v1/send-otp", made, "POST"))
    caller = vouched(allowed, "auth", "POST", "/api/v1/send-otp")
    assert (caller.role, caller.user_id, sessions.asked) == ("anonymous", 0, [])


def test_the_internal_token_lives_thirty_seconds() -> None:
    allowed = verifier(FakeSessions(LIVE)).decide(asked(ME, authorization()))
    claims = jwt.decode(allowed.internal_token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 30


def test_limits_are_asked_last_with_who_is_calling_and_may_refuse() -> None:
    seen: list[tuple[str, str, int]] = []

    def count(asking: Asked, route: Route, caller: Caller) -> None:
        seen.append((asking.client_address, route.prefix, caller.user_id))
        if len(seen) > 2:
            raise TooManyRequests(limit=2, retry_after_seconds=60)

    asker = verifier(FakeSessions(LIVE), count)
    asker.decide(asked("/api/v1/send-otp"))
    with pytest.raises(HabrioError):
        asker.decide(asked(ME))
    asker.decide(asked(ME, authorization()))
    with pytest.raises(TooManyRequests) as refusal:
        asker.decide(asked(ME, authorization()))
    assert seen[:2] == [("203.0.113.7", "/api/v1/send-otp", 0), ("203.0.113.7", ME, 7)]
    assert refusal.value.headers["RateLimit-Limit"] == "2"


def test_a_gateway_without_a_services_key_does_not_start() -> None:
    keys = KeyRing(SETTINGS.model_copy(update={"internal_keys": {"gateway>auth": SecretStr("00")}}))
    with pytest.raises(ValueError, match="gateway>admin, gateway>consumer, gateway>vendor"):
        Verifier(
            routes=table(app_env="testing", with_agent=False),
            tokens=AccessTokens(secret=SECRET, previous_secrets=[], lifetime_seconds=900),
            sessions=FakeSessions(None),
            keys=keys,
            internal_token_seconds=30,
        )


@pytest.mark.parametrize(("given", "secrets"), [('["a", "b"]', ["a", "b"]), ("a, b,", ["a", "b"]), ("a", ["a"])])
def test_previous_secrets_are_a_json_list_or_separated_by_commas(
    monkeypatch: pytest.MonkeyPatch, given: str, secrets: list[str]
) -> None:
    monkeypatch.setenv("JWT_SECRET", SECRET)
    monkeypatch.setenv("AUTH_VIEW_URL", "sqlite:///none.db")
    monkeypatch.setenv("JWT_PREVIOUS_SECRETS", given)
    assert [secret.get_secret_value() for secret in GatewaySettings().jwt_previous_secrets] == secrets


PAGE = "/admin/vendors/7/review"


def at_page(cookie: str | None, header: str | None = None, session: Session | None = LIVE, path: str = PAGE) -> Caller:
    asking = replace(asked(path, header, "POST"), cookie_token=cookie)
    return verifier(FakeSessions(session)).decide(asking).caller


def test_at_a_page_the_cookie_counts_and_no_header_does() -> None:
    token = authorization()
    assert at_page(token) == Caller("gateway", "consumer", 7, "s1", PHONE, "Ravi", "Pune", "Green Park")
    assert at_page(None, header=token).role == "anonymous"
    assert at_page("x.y.z", header=token).role == "anonymous"


def test_beyond_pages_no_cookie_counts() -> None:
    for path in (ME, "/api/v1/admin/users"):
        assert denied(replace(asked(path), cookie_token=authorization())) == (401, "missing_token")


@pytest.mark.parametrize(
    "session", [None, replace(LIVE, live=False), replace(LIVE, active=False), replace(LIVE, phone="+919876500000")]
)
def test_whose_session_is_no_good_is_nobody_at_a_page(session: Session | None) -> None:
    assert at_page(authorization(), session=session).user_id == 0
    now = int(time.time())
    assert at_page(authorization(iat=now - 900, exp=now - 1)).user_id == 0


def test_an_auth_database_that_is_away_is_told_at_a_page_too() -> None:
    assert denied(replace(asked(PAGE), cookie_token=authorization()), away=True) == (503, "service_unavailable")
