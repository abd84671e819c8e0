"""A token spent twice at the same moment, and a suspension that meets a request."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial

import requests

from tests.proof.races.contest import REPEATS, nearly_at_once
from tests.security.realm import Person, Realm, Session
from tests.support.at_once import at_once
from tests.support.client import new_phone

REFRESH = "/api/v1/auth/refresh"


def newcomer(realm: Realm) -> Person:
    return realm.new_person("consumer", f"+91{new_phone()}")


def me(realm: Realm, token: str) -> requests.Response:
    """`/me` through the gateway, by nobody else's connection."""
    return requests.get(f"{realm.stack.url}/api/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=10)


def test_of_two_refreshes_one_wins_and_the_other_ends_the_session(realm: Realm) -> None:
    person = newcomer(realm)
    for _ in range(REPEATS):
        session = realm.new_session(person)
        claims = realm.refresh_claims(person.phone, session.sid)
        realm.let_refresh(session, claims["jti"])
        spend = partial(
            requests.post, f"{realm.stack.url}{REFRESH}", json={"refresh_token": realm.token(claims)}, timeout=10
        )
        answers = at_once(spend, spend)
        assert sorted(answer.status_code for answer in answers) == [200, 401], [answer.text for answer in answers]
        [won] = [answer.json() for answer in answers if answer.status_code == 200]
        for token in (session.token, won["access_token"]):
            assert me(realm, token).status_code == 401
        again = requests.post(f"{realm.stack.url}{REFRESH}", json={"refresh_token": won["refresh_token"]}, timeout=10)
        assert again.status_code == 401


def test_a_request_that_meets_a_suspension_comes_before_it_or_is_refused(realm: Realm) -> None:
    rng, met, person = random.Random(3), Counter[int](), newcomer(realm)
    for _ in range(REPEATS):
        session: Session = realm.new_session(person)
        assert me(realm, session.token).status_code == 200

        def suspend() -> int:
            realm.act(person, "suspend")
            return me(realm, session.token).status_code  # noqa: B023 — called within this turn

        def ask() -> int:
            return me(realm, session.token).status_code  # noqa: B023 — called within this turn

        after, during = nearly_at_once(rng, suspend, ask)
        assert after in (401, 403), "the very next request obeys"
        met[200 if during == 200 else 403] += 1
        realm.act(person, "restore")
    assert set(met) == {200, 403}, "one of them always came first"
