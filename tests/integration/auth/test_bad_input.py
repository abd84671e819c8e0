"""Nonsense at every address of the service: always the envelope with a 4xx, never a 5xx."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask

from habrio_auth.app import create_app
from habrio_shared.openapi import routes_of
from tests.integration.auth.people import log_in, signed_in
from tests.support.client import new_phone
from tests.support.database import SECRETS, environment
from tests.support.signed import Signed, anonymous, service

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a list of objects": b'[{"phone": "9876543210"}]',
    "a number": b"7",
    "a string": b'"phone"',
    "garbage": b"{not json",
    "not utf-8": b'{"phone": "\xff\xfe"}',
    "utf-16": '{"phone": "9876543210"}'.encode("utf-16"),
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "not a number": b'{"phone": NaN, "otp": Infinity}',
    "two values": b"{} {}",
}
FIELDS = ("phone", "otp", "refresh_token", "everywhere", "name", "city", "society", "role", "user_id")
VALUES: dict[str, str] = {
    "null": "null",
    "number": "7",
    "beyond 64 bits": "1" + "0" * 30,
    "beyond a float": "1e400",
    "NUL": '"a\\u0000b"',
    "lone surrogate": '"\\ud800"',
    "list": "[1]",
    "object": '{"a": 1}',
    "long text": json.dumps("x" * 100_000),
}


def posts(app: Flask) -> list[tuple[Signed, str]]:
    """Every POST route with somebody who may use it."""
    person = signed_in(app)
    found = []
    for route in routes_of(app):
        if route.method == "POST":
            who = {
                "public": anonymous(app),
                "internal": service(app, "admin" if "/admin/" in route.rule else "consumer"),
            }.get(route.access.kind, person)
            rule = route.rule.replace("<kind>", "users.consumer_onboarded")
            found.append((who, re.sub(r"<\w+:\w+>", "9007199254740991", rule)))
    assert len(found) >= 8
    return found


def check(answer: Any, allowed: range = range(400, 500)) -> None:
    assert answer.status_code in allowed, answer.get_data(as_text=True)[:500]
    body = answer.get_json()
    assert body["code"] == answer.status_code
    assert (body["status"], bool(body["message"]), bool(body["error"])) == ("error", True, True)
    assert body["request_id"] == answer.headers["X-Request-ID"]


@pytest.fixture(scope="module")
def routes(app: Flask) -> list[tuple[Signed, str]]:
    return posts(app)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_bodies_that_are_no_object(routes: list[tuple[Signed, str]], body: bytes) -> None:
    headers = {"X-Message-Id": "nonsense"}
    for who, path in routes:
        answer = who.request("POST", path, data=body, content_type="application/json", headers=headers)
        if answer.status_code == 200:  # where no field is required, nothing is a body too
            assert path == "/api/v1/logout"
            assert body in (b"", b"null", BODIES["not a number"])
        else:
            check(answer)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_fields_of_the_wrong_kind(routes: list[tuple[Signed, str]], value: str) -> None:
    body = "{" + ",".join(f'"{field}": {value}' for field in FIELDS) + "}"
    headers = {"X-Message-Id": "nonsense"}
    for who, path in routes:
        answer = who.request("POST", path, data=body, content_type="application/json", headers=headers)
        if path.endswith("/revoke") or "/admin/" in path:
            check(answer)
        elif path == "/api/v1/auth/refresh" and value in (VALUES["NUL"], VALUES["lone surrogate"]):
            check(answer, range(400, 402))  # a text that is no token
        elif path == "/internal/messages/users.consumer_onboarded" and answer.status_code == 200:
            assert value == "7"
        else:
            check(answer, range(400, 401))


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_is_not_json_is_415(app: Flask, content_type: str) -> None:
    body = json.dumps({"phone": new_phone()})
    answer = anonymous(app).request("POST", "/api/v1/send-otp", data=body, content_type=content_type)
    check(answer, range(415, 416))


def test_a_body_of_more_than_1_mib_is_413(app: Flask) -> None:
    body = json.dumps({"phone": "9" * (1024 * 1024)})
    answer = anonymous(app).request("POST", "/api/v1/send-otp", data=body, content_type="application/json")
    check(answer, range(413, 414))


def test_unknown_addresses_and_methods(app: Flask) -> None:
    for method, path, status in (
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/v1/me/", 404),
        ("GET", "/api/v1//me", 404),
        ("GET", "/api/v1/send-otp", 405),
        ("DELETE", "/api/v1/me", 405),
        ("GET", "/api/v1/test_support/otp/%00", 404),
        ("GET", "/api/v1/test_support/otp/%ff%fe", 404),
        ("GET", "/api/v1/test_support/otp/%ED%A0%80", 404),
    ):
        check(signed_in(app).request(method, path), range(status, status + 1))


def test_unknown_fields_are_ignored_and_a_body_of_nothing_is_one_where_nothing_is_required(app: Flask) -> None:
    anonymous(app).post("/send-otp", {"phone": new_phone(), "role": "admin", "id": 10**40})
    log_in(app)
    signed_in(app).request("POST", "/api/v1/logout", data="null", content_type="application/json").get_json()["message"]


def test_a_request_without_an_internal_token_is_401_whatever_it_claims(app: Flask) -> None:
    client = app.test_client()
    claims = {"X-User-Id": "1", "X-User-Role": "admin", "Authorization": f"Bearer {log_in(app).access}"}
    for method, path in (
        ("GET", "/api/v1/me"),
        ("POST", "/api/v1/send-otp"),
        ("GET", "/internal/admin/users"),
        ("GET", "/x"),
    ):
        check(client.open(path, method=method, headers=claims), range(401, 402))


def test_with_the_database_away_the_answer_is_503() -> None:
    away = {"APP_ENV": "testing", "DATABASE_URL": "postgresql://habrio_auth:x@127.0.0.1:1/habrio", **SECRETS}
    with environment(away):
        app = create_app()
    answer = anonymous(app).request("POST", "/api/v1/send-otp", json={"phone": new_phone()})
    check(answer, range(503, 504))
    assert answer.headers["Retry-After"] == "1"
