"""Each path reaches its owner, through nginx, with a token that the owner accepts."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from habrio_gateway.nginx_conf import PATH_BYTES_MAX
from habrio_shared.identity import tokens
from habrio_shared.identity.keys import KeyRing
from habrio_shared.settings import Settings
from tests.integration.gateway.envelope import check_headers, check_problem, header_values
from tests.integration.gateway.front_door import INTERNAL_SECRET, PHONE, FrontDoor, access_token, bearer

KEYS = KeyRing(Settings(internal_secret=SecretStr(INTERNAL_SECRET)))


def header_of(seen: dict[str, object], name: str) -> list[str]:
    pairs = seen["headers"]
    assert isinstance(pairs, list)
    return [value for key, value in pairs if key.lower() == name.lower()]


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/api/v1/me", "auth"),
        ("/api/v1/profile/me", "auth"),
        ("/api/v1/auth/sessions", "auth"),
        ("/api/v1/consumer", "consumer"),
        ("/api/v1/consumer/shopping", "consumer"),
        ("/api/v1/consumer/orders/7", "consumer"),
        ("/api/v1/consumer/shops", "vendor"),
        ("/api/v1/consumer/shops/search", "vendor"),
        ("/api/v1/consumer/shop/7/items", "vendor"),
        ("/api/v1/shop/7/items", "vendor"),
        ("/api/v1/vendor/orders", "vendor"),
        ("/api/v1/vendor/item/bulk-upload", "vendor"),
        ("/api/v1/admin/users", "admin"),
    ],
)
def test_a_path_reaches_its_owner_with_a_token_for_it(door: FrontDoor, path: str, service: str) -> None:
    response = door.get(f"{path}?q=a%2Fb&q=..", headers=bearer())
    assert response.status_code == 200
    check_headers(lambda name: header_values(response, name))
    seen = response.json()
    assert (seen["service"], seen["target"]) == (service, f"{path}?q=a%2Fb&q=..")
    token = header_of(seen, "X-Internal-Token")[0]
    caller = tokens.verify(KEYS, token, audience=service, method="GET", path=path)
    assert (caller.user_id, caller.role, caller.phone, caller.name) == (7, "consumer", PHONE, "रवि")


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/api/v1/send-otp", "auth"),
        ("/api/v1/verify-otp", "auth"),
        ("/api/v1/auth/refresh", "auth"),
        ("/api/v1/test_support/ok", "auth"),
        ("/test_support/ok", "auth"),
        ("/api/v1/document-files/7", "vendor"),
    ],
)
def test_a_public_path_needs_no_token_and_its_method_is_the_services_affair(
    door: FrontDoor, path: str, service: str
) -> None:
    for method in ("GET", "POST", "DELETE"):
        seen = door.send(method, path).json()
        token = header_of(seen, "X-Internal-Token")[0]
        caller = tokens.verify(KEYS, token, audience=service, method=method, path=path)
        assert (seen["service"], caller.role, caller.user_id) == (service, "anonymous", 0)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/nowhere",
        "/api/v1/mex",
        "/api/v2/me",
        "/api/v1/agent/query",
        "/internal/messages/orders.place",
        "/internal",
        "/verify",
        "/_habrio/verify",
        "/_habrio/problem/400",
        "/api/v1/me/../../../internal/x",
        "/api/v1/%2e%2e/%2e%2e/internal/x",
        "/docs/../verify",
        "/docs/%2e%2e/verify",
        "/docs/..%2fverify",
        "//verify",
        "//api/v1/me",
        "/api/v1//me",
        "/metric",
        "/nginx_status",
        "/favicon.ico",
    ],
)
def test_an_unknown_address_is_404_with_and_without_a_token(door: FrontDoor, path: str) -> None:
    for headers in ({}, bearer()):
        answer = door.raw(
            f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()
            + "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
            + b"\r\n"
        )
        assert (answer.status, answer.json()["error"]) == (404, "not_found")
    assert not any(echo.seen for echo in door.echoes.values())


@pytest.mark.parametrize(
    "path", ["/api/v1/consumer/../vendor/orders", "/api/v1/vendor/./../consumer/cart", "/api/v1/me/."]
)
def test_dot_segments_lead_nowhere_even_where_nginx_knows_the_place(door: FrontDoor, path: str) -> None:
    answer = door.raw(
        f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {access_token()}\r\nConnection: close\r\n\r\n".encode()
    )
    assert (answer.status, answer.json()["error"]) == (404, "not_found")
    assert not any(echo.seen for echo in door.echoes.values())


@pytest.mark.parametrize(
    "path",
    ["/api/v1/consumer%2Fcart", "/api/v1/consumer/a%2fb", "/api/v1/me%5c", "/api/v1/consumer/%FF", "/api/v1/me/é"],
)
def test_a_path_that_could_be_read_in_two_ways_is_refused(door: FrontDoor, path: str) -> None:
    answer = door.raw(
        f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {access_token()}\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.status in (400, 404)
    assert answer.json()["code"] == answer.status
    assert not any(echo.seen for echo in door.echoes.values())


def test_a_path_in_any_script_arrives_as_it_was_written(door: FrontDoor) -> None:
    seen = door.get("/api/v1/consumer/%E0%A4%B0%20x", headers=bearer()).json()
    assert seen["target"] == "/api/v1/consumer/%E0%A4%B0%20x"
    tokens.verify(
        KEYS, header_of(seen, "X-Internal-Token")[0], audience="consumer", method="GET", path="/api/v1/consumer/र x"
    )


def test_the_longest_names_in_the_widest_script_still_fit(door: FrontDoor) -> None:
    door.sessions.put("wide", name="🧿" * 200, city="🏙" * 200, society="🏘" * 200)
    path = "/api/v1/consumer/" + "x" * (PATH_BYTES_MAX - len("/api/v1/consumer/"))
    seen = door.get(path, headers=bearer("wide")).json()
    token = header_of(seen, "X-Internal-Token")[0]
    assert tokens.verify(KEYS, token, audience="consumer", method="GET", path=path).society == "🏘" * 200


def test_head_is_passed_on_and_has_no_body(door: FrontDoor) -> None:
    response = door.send("HEAD", "/api/v1/me", headers=bearer())
    assert (response.status_code, response.content) == (200, b"")
    assert door.echoes["auth"].seen[0]["method"] == "HEAD"


def test_a_method_that_http_does_not_know_is_405(door: FrontDoor) -> None:
    for method in ("FOO", "PROPFIND", "AVERYLONGMETHODNAMEINDEED", "TRACE"):
        answer = door.send(method, "/api/v1/me", headers=bearer())
        check_problem(answer, 405, "method_not_allowed")
        assert header_values(answer, "Allow") == ["GET, HEAD, POST, DELETE, OPTIONS"]
    assert not door.echoes["auth"].seen


def test_health_needs_nothing(door: FrontDoor) -> None:
    response = door.get("/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    check_headers(lambda name: header_values(response, name))
    refused = door.send("POST", "/health")
    check_problem(refused, 405, "method_not_allowed")
    assert header_values(refused, "Allow") == ["GET, HEAD, OPTIONS"]
    check_problem(door.get("/health/x"), 404, "not_found")


def test_connections_to_services_and_verifier_are_kept(door: FrontDoor) -> None:
    door.echoes["admin"].connections.clear()
    for _ in range(20):
        assert door.get("/api/v1/admin/users", headers=bearer()).status_code == 200
    assert len(door.echoes["admin"].connections) <= 3  # one a worker process of nginx
