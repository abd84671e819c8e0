"""Access and refresh tokens under attack, at the gateway and at every service: none is accepted."""

from __future__ import annotations

import http.client
import secrets
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from habrio_gateway.routes import SERVICES
from tests.security.attacks import Attack, dumped, forgeries, misshapen
from tests.security.realm import Realm, Session, signed
from tests.support.client import new_phone
from tests.support.stack import Stack

ME = "/api/v1/me"
REFRESH = "/api/v1/auth/refresh"
REFUSED = (400, 401, 431)
"""400 and 431 are nginx's and gunicorn's: a header that no server reads is refused before anybody asks what it says."""
PROTECTED = {
    "auth": ME,
    "consumer": "/api/v1/consumer/wallet",
    "vendor": "/api/v1/vendor/wallet",
    "admin": "/api/v1/admin/users",
    "agent": "/api/v1/agent/conversation",
}


@pytest.fixture
def session(realm: Realm) -> Session:
    """Somebody's live session."""
    return realm.new_session(realm.new_person("consumer", f"+91{new_phone()}"))


def status(ask: Callable[[], requests.Response]) -> int:
    """The answer's status; 400 where the server hung up on a request that is too large before it was all sent."""
    try:
        return ask().status_code
    except requests.ConnectionError:
        return 400


def assert_all_refused(attacks: Iterator[Attack], ask: Callable[[str], requests.Response], where: str) -> None:
    """Each is answered with a clear 4xx; there has to be one that was tried."""
    tried = [(name, status(partial(ask, token))) for name, token in attacks]
    assert tried
    wrong = [f"{name}: {answered}" for name, answered in tried if answered not in REFUSED]
    assert not wrong, f"not refused by {where}:\n" + "\n".join(wrong)


def sendable(attacks: Iterator[Attack]) -> Iterator[Attack]:
    """Without those that no HTTP client can put into a header."""
    return ((name, token) for name, token in attacks if token == token.strip() and token)


def other_tokens(realm: Realm, session: Session) -> Iterator[Attack]:
    """Good signatures, but of another kind, another session, another audience."""
    claims = realm.access_claims(session.person.phone, session.sid)
    stranger = realm.new_session(realm.new_person("consumer", f"+91{new_phone()}"))
    ended = realm.new_session(session.person)
    realm.end(ended)
    changes: list[tuple[str, dict[str, Any]]] = [
        ("another user's sid", {"sid": stranger.sid}),
        ("an ended sid", {"sid": ended.sid}),
        ("an unknown sid", {"sid": secrets.token_urlsafe(16)}),
        ("a sid that is SQL", {"sid": "' OR 1=1 --"}),
        ("a sid that is no text", {"sid": session.row_id}),
        ("a user id for a phone", {"sub": session.person.user_id}),
        ("another phone", {"sub": stranger.person.phone}),
        ("a national phone", {"sub": session.person.phone[3:]}),
        *_each("type", "refresh", "internal", "Access", None, True, ["access"]),
        *_each("aud", "auth", "gateway", "", None, ["gateway"]),
        ("an issuer", {"iss": "gateway"}),
        ("no jti", {"jti": None}),
    ]
    yield from ((name, realm.token(claims | changed)) for name, changed in changes)
    yield "a refresh token", realm.token(realm.refresh_claims(session.person.phone, session.sid))
    yield "expired", realm.expired_token(session)
    for caller in ("gateway", "admin", "consumer"):
        yield f"an internal token of {caller}", realm.internal_token(caller, "auth", "GET", ME)
        key = realm.internal_key(caller, "auth")
        yield f"an access token under {caller}'s internal key", signed(dumped(claims), key)


def _each(claim: str, *values: object) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((f"{claim} {value!r}", {claim: value}) for value in values)


def headers_of_no_token(good: str) -> Iterator[Attack]:
    """Authorization headers that are no bearer token."""
    yield from ((header, header.replace("{}", good)) for header in ("Basic dTpw", "Bearer", "Bearer Bearer {}"))
    yield from ((header, header.replace("{}", good)) for header in ("{}, {}", "Bearer {}, Bearer {}", "{} {}"))
    yield from ((header, header.replace("{}", good)) for header in ("Token {}", "Bearer: {}", "Bearer,{}", '"{}"'))


def test_a_good_token_is_accepted_so_that_what_follows_means_something(realm: Realm, session: Session) -> None:
    made_here = signed(dumped(realm.access_claims(session.person.phone, session.sid)), realm.jwt_secret.encode())
    for authorization in (f"Bearer {session.token}", session.token, f"bearer {made_here}"):
        assert realm.get(ME, authorization).status_code == 200


def test_the_gateway_accepts_no_forged_or_misshapen_access_token(realm: Realm, session: Session) -> None:
    claims, key = realm.access_claims(session.person.phone, session.sid), realm.jwt_secret.encode()
    attacks = chain(forgeries(claims, key), misshapen(claims, key), other_tokens(realm, session))
    assert_all_refused(attacks, lambda token: realm.get(ME, f"Bearer {token}"), "the gateway")
    assert_all_refused(headers_of_no_token(session.token), lambda header: realm.get(ME, header), "the gateway")
    assert realm.get(ME, session.token).status_code == 200, "the session itself outlives every attack on it"


@pytest.mark.parametrize("pair", ["good, good", "good, forged", "forged, good"])
def test_two_authorization_headers_are_refused_by_nginx(realm: Realm, session: Session, pair: str) -> None:
    tokens = {"good": session.token, "forged": f"{session.token[:-4]}AAAA"}
    url = urlsplit(realm.stack.url)
    connection = http.client.HTTPConnection(url.netloc, timeout=10)
    connection.putrequest("GET", ME)
    for name in pair.split(", "):
        connection.putheader("Authorization", f"Bearer {tokens[name]}")
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()


def test_no_forged_or_misshapen_refresh_token_is_spent(realm: Realm, session: Session) -> None:
    claims, key = realm.refresh_claims(session.person.phone, session.sid), realm.jwt_secret.encode()
    realm.let_refresh(session, claims["jti"])
    stranger = realm.new_session(realm.new_person("consumer", f"+91{new_phone()}"))
    others: list[Attack] = [
        ("an access token", session.token),
        ("an access token with the jti", realm.token(realm.access_claims(session.person.phone, session.sid))),
        ("another phone", realm.token(claims | {"sub": stranger.person.phone})),
        ("an unknown sid", realm.token(claims | {"sid": "unknown"})),
        ("an audience", realm.token(claims | {"aud": "auth"})),
        ("an internal token", realm.internal_token("gateway", "auth", "POST", REFRESH)),
    ]

    def spend(token: str) -> requests.Response:
        return realm.call("POST", REFRESH, json={"refresh_token": token})

    assert_all_refused(chain(forgeries(claims, key), misshapen(claims, key), others), spend, REFRESH)
    assert spend(realm.token(claims)).status_code == 200, "the good one was never spent, nor its session ended"


def test_no_service_takes_what_a_person_carries(stack: Stack, realm: Realm, session: Session) -> None:
    claims, key = realm.access_claims(session.person.phone, session.sid), realm.jwt_secret.encode()
    refresh = realm.token(realm.refresh_claims(session.person.phone, session.sid))
    running = [name for name in SERVICES if name in stack.ports and name in stack.pids()]
    assert set(running) == set(PROTECTED), "a new service needs a path here"
    for service, path in PROTECTED.items():
        kept = [("the good access token", session.token), ("a refresh token", refresh), ("nothing", "")]
        attacks = chain(kept, forgeries(claims, key), misshapen(claims, key))

        def ask(token: str, service: str = service, path: str = path) -> requests.Response:
            headers = {"Authorization": f"Bearer {session.token}", "X-User-Id": "1", "X-Role": "admin"}
            return realm.ask(service, "GET", path, token, headers=headers)

        assert_all_refused(sendable(attacks), ask, service)


def test_the_token_between_services_is_never_shown_and_never_taken_from_outside(realm: Realm, session: Session) -> None:
    inner = realm.internal_token("gateway", "auth", "GET", ME)
    answer = requests.get(realm.stack.url + ME, headers={"X-Internal-Token": inner}, timeout=10)
    assert answer.status_code == 401
    assert "X-Internal-Token" not in realm.get(ME, session.token).headers
