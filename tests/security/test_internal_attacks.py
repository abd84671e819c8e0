"""Tokens between gateway and services under attack: bound to caller, audience, method, path and half a minute."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
import requests

from habrio_shared.identity.keys import KeyRing
from tests.security.attacks import dumped, forgeries, misshapen
from tests.security.realm import INTERNAL_SECONDS, Realm, part, signed
from tests.security.test_token_attacks import PROTECTED, assert_all_refused, sendable
from tests.support.client import new_phone

USERS = "/internal/admin/users"
ROLES = {"auth": "consumer", "consumer": "consumer", "vendor": "vendor", "admin": "admin", "agent": "consumer"}


def claims_for(service: str, *, caller: str = "gateway", method: str = "GET", path: str = "") -> dict[str, Any]:
    """What the gateway signs for somebody who may ask for the service's protected path."""
    now = int(time.time())
    return {
        "iss": caller,
        "aud": service,
        "iat": now,
        "exp": now + INTERNAL_SECONDS,
        "method": method,
        "path": path or PROTECTED[service],
        "role": ROLES[service],
        "sub": "1",
        "sid": "s",
        "phone": "+919876543210",
        "name": "",
        "city": "Pune",
        "society": "Lake View",
    }


def asker(realm: Realm, service: str) -> Callable[[str], requests.Response]:
    return lambda token: realm.ask(service, "GET", PROTECTED[service], token)


@pytest.mark.parametrize("service", PROTECTED)
def test_what_the_gateway_signs_is_accepted_so_that_what_follows_means_something(realm: Realm, service: str) -> None:
    person = realm.new_person("consumer", f"+91{new_phone()}")
    claims = claims_for(service) | {"sub": str(person.user_id)}
    answer = asker(realm, service)(signed(dumped(claims), realm.internal_key("gateway", service)))
    assert answer.status_code not in (401, 403) and answer.status_code < 500, answer.text


@pytest.mark.parametrize("service", PROTECTED)
def test_no_service_accepts_a_forged_or_misshapen_internal_token(realm: Realm, service: str) -> None:
    claims, key = claims_for(service), realm.internal_key("gateway", service)
    attacks = chain(forgeries(claims, key), misshapen(claims, key))
    assert_all_refused(sendable(attacks), asker(realm, service), service)


@pytest.mark.parametrize("service", PROTECTED)
def test_an_internal_token_is_good_for_its_own_request_only(realm: Realm, service: str) -> None:
    claims, key = claims_for(service), realm.internal_key("gateway", service)
    other = next(name for name in PROTECTED if name != service)
    changes: list[tuple[str, dict[str, Any]]] = [
        *((f"method {method!r}", {"method": method}) for method in ("POST", "get", "", None, ["GET"], "HEAD")),
        *((f"path {path!r}", {"path": path}) for path in ("/", "", None, f"{claims['path']}/", [claims["path"]])),
        ("the path with a query", {"path": f"{claims['path']}?x=1"}),
        ("a path above it", {"path": "/api/v1"}),
        *((f"aud {aud!r}", {"aud": aud}) for aud in (other, "", None, "gateway", [service], [other, service], 7)),
        *(
            (f"iss {iss!r}", {"iss": iss})
            for iss in (other, service, "", None, "GATEWAY", ["gateway"], 7, "\ud800", "x" * 3000)
        ),
        ("nobody", {"sub": None}),
        *((f"sub {sub!r}", {"sub": sub}) for sub in ("x", "-1", "0", "1.5", 1, True, ["1"], "9" * 5000, "١")),
        *((f"role {role!r}", {"role": role}) for role in ("root", None, ["admin"], {"admin": 1}, True, "anonymous")),
        *((f"phone {phone!r}", {"phone": phone}) for phone in (None, 7, ["+91"])),
        ("expired", {"iat": claims["iat"] - 100, "exp": claims["iat"] - 70}),
    ]
    attacks = ((name, signed(dumped(claims | changed), key)) for name, changed in changes)
    assert_all_refused(attacks, asker(realm, service), service)


@pytest.mark.parametrize("service", PROTECTED)
def test_the_key_of_another_pair_opens_nothing(realm: Realm, service: str) -> None:
    pairs = [(caller, audience) for caller in ("gateway", *PROTECTED) for audience in ("gateway", *PROTECTED)]
    for caller, audience in pairs:
        key = realm.internal_key(caller, audience)
        for issuer in ("gateway", caller):
            if (caller, audience) == (issuer, service) and caller == "gateway":
                continue
            token = signed(dumped(claims_for(service, caller=issuer)), key)
            answer = asker(realm, service)(token)
            assert answer.status_code == 401, f"{caller}>{audience} as {issuer}: {answer.text}"


def test_only_the_admin_service_acts_on_users(realm: Realm) -> None:
    for caller in ("gateway", "consumer", "vendor", "auth", "agent", "nobody"):
        answer = realm.ask("auth", "GET", USERS, realm.internal_token(caller, "auth", "GET", USERS))
        assert answer.status_code == 401, caller
    assert realm.ask("auth", "GET", USERS, realm.internal_token("admin", "auth", "GET", USERS)).status_code == 200


def test_no_service_can_speak_for_a_person(realm: Realm) -> None:
    for service, path in PROTECTED.items():
        for caller in PROTECTED:
            token = signed(dumped(claims_for(service, caller=caller)), realm.internal_key(caller, service))
            assert realm.ask(service, "GET", path, token).status_code == 401, f"{caller} as a person at {service}"


def test_secrets_that_somebody_might_guess_open_nothing(realm: Realm) -> None:
    for service in PROTECTED:
        claims = claims_for(service)
        for secret in (b"gateway", service.encode(), f"gateway>{service}".encode(), realm.jwt_secret.encode()):
            assert asker(realm, service)(signed(dumped(claims), secret)).status_code == 401


def test_a_token_cannot_be_taken_apart_and_put_together(realm: Realm) -> None:
    """The header and payload of one good token under the signature of another."""
    first = realm.internal_token("admin", "auth", "GET", USERS)
    second = realm.internal_token("admin", "auth", "GET", f"{USERS}/1")
    mixed = ".".join([*first.split(".")[:2], second.split(".")[2]])
    assert realm.ask("auth", "GET", USERS, mixed).status_code == 401
    foreign = f"{part(json.dumps({'alg': 'HS256'}).encode())}.{first.split('.')[1]}.{first.split('.')[2]}"
    assert realm.ask("auth", "GET", USERS, foreign).status_code == 401


def test_pairs_have_keys_of_their_own(realm: Realm) -> None:
    ring: KeyRing = realm.keys
    names = ("gateway", *PROTECTED)
    keys = {ring.key(caller, audience) for caller in names for audience in names}
    assert len(keys) == len(names) ** 2
