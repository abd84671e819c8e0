"""The administrators' page through the front door, where a cookie is what a header is elsewhere."""

from __future__ import annotations

import pytest
import requests

from habrio_shared.contracts.sessions import ACCESS_COOKIE
from tests.security.realm import TIMEOUT_SECONDS, Person, Realm
from tests.support.client import new_phone

LOG_IN, INSIDE = 'action="/admin/log-in/code"', 'action="/admin/log-out"'


def opened(realm: Realm, token: str, path: str = "/admin/audit") -> requests.Response:
    with requests.Session() as browser:
        browser.trust_env = False
        return browser.get(
            realm.stack.url + path, headers={"Cookie": f"{ACCESS_COOKIE}={token}"}, timeout=TIMEOUT_SECONDS
        )


def newcomer(realm: Realm, role: str | None = "admin") -> Person:
    return realm.new_person(role, f"+91{new_phone()}")


def is_inside(answer: requests.Response) -> bool:
    """Whether it is the page; otherwise it has to be nothing but the log-in form."""
    inside = INSIDE in answer.text
    assert inside is not (LOG_IN in answer.text), answer.text[:500]
    assert answer.status_code == 200 if inside else answer.status_code in (401, 403)
    return inside


def test_only_a_live_administrators_cookie_opens_it(realm: Realm) -> None:
    session = realm.new_session(newcomer(realm))
    assert is_inside(opened(realm, session.token))
    assert not is_inside(opened(realm, ""))
    assert not is_inside(opened(realm, realm.expired_token(session)))
    assert not is_inside(opened(realm, session.token[:-2]))
    for role in ("consumer", "vendor", None):
        assert not is_inside(opened(realm, realm.new_session(newcomer(realm, role)).token))
    headers = {"Authorization": f"Bearer {session.token}"}
    assert not is_inside(requests.get(f"{realm.stack.url}/admin/audit", headers=headers, timeout=TIMEOUT_SECONDS))


@pytest.mark.parametrize("end", ["suspend", "role", "end-sessions", "log out"])
def test_who_is_an_administrator_no_longer_is_out_by_the_next_request(realm: Realm, end: str) -> None:
    newcomer(realm)  # another one stays
    person = newcomer(realm)
    session = realm.new_session(person)
    assert is_inside(opened(realm, session.token))
    if end == "log out":
        realm.end(session)
    else:
        realm.act(person, end, {"role": "vendor"} if end == "role" else None)
    assert not is_inside(opened(realm, session.token))


@pytest.mark.parametrize("path", ["/api/v1/admin/users", "/api/v1/me", "/api/v1/admin/audit"])
def test_the_cookie_opens_nothing_of_the_api(realm: Realm, path: str) -> None:
    refused = opened(realm, realm.new_session(newcomer(realm)).token, path)
    assert (refused.status_code, refused.json()["error"]) == (401, "missing_token")
