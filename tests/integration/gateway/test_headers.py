"""Ids, identity headers, CORS and compression."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from tests.integration.gateway.envelope import check_headers, check_problem, header_values
from tests.integration.gateway.front_door import FrontDoor, access_token, bearer
from tests.integration.gateway.test_routing import header_of

ME = "/api/v1/me"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ORIGIN = "https://app.example"


@pytest.mark.parametrize("given", ["a", "A-b_c.9", "x" * 100])
@pytest.mark.parametrize("path", [ME, "/nowhere", "/health"])
def test_a_good_request_id_is_echoed_and_passed_on(door: FrontDoor, path: str, given: str) -> None:
    response = door.get(path, headers=bearer() | {"X-Request-ID": given})
    assert header_values(response, "X-Request-ID") == [given]
    if path == ME:
        assert header_of(response.json(), "X-Request-ID") == [given]


@pytest.mark.parametrize("given", ["", "x" * 101, "a b", "a\tb", "a;b", '"', "é".encode().decode("latin-1")])
@pytest.mark.parametrize("path", [ME, "/nowhere"])
def test_a_bad_request_id_is_replaced(door: FrontDoor, path: str, given: str) -> None:
    response = door.get(path, headers=bearer() | {"X-Request-ID": given})
    check_headers(lambda name: header_values(response, name))
    assert response.headers["X-Request-ID"] != given


def test_every_request_gets_ids_of_its_own(door: FrontDoor) -> None:
    responses = [door.get(path, headers=bearer()) for path in (ME, ME, "/nowhere", "/nowhere")]
    assert len({response.headers["X-Request-ID"] for response in responses}) == 4
    assert len({response.headers["traceparent"] for response in responses}) == 4


@pytest.mark.parametrize("path", [ME, "/nowhere", "/health"])
def test_a_trace_is_continued(door: FrontDoor, path: str) -> None:
    response = door.get(path, headers=bearer() | {"traceparent": TRACE})
    assert response.headers["traceparent"][:35] == TRACE[:35]


def test_service_and_client_see_the_same_ids(door: FrontDoor) -> None:
    response = door.get(ME, headers=bearer())
    for name in ("X-Request-ID", "traceparent"):
        assert header_of(response.json(), name) == [response.headers[name]]


@pytest.mark.parametrize(
    "given",
    ["x", "00-" + "0" * 32 + TRACE[35:], TRACE[:36] + "0" * 16 + "-01", TRACE.upper(), "ff" + TRACE[2:], TRACE + "-x"],
)
def test_a_bad_traceparent_is_replaced(door: FrontDoor, given: str) -> None:
    for path in (ME, "/nowhere"):
        response = door.get(path, headers=bearer() | {"traceparent": given})
        check_headers(lambda name, response=response: header_values(response, name))
        assert response.headers["traceparent"][:35] != given[:35]


FORGED = {
    "X-Internal-Token": "forged",
    "x-internal-token": "forged",
    "X-Message-Id": "forged",
    "X-User-Id": "1",
    "X-User-Phone": "+910000000000",
    "X-User-Role": "admin",
    "X-Role": "admin",
    "X-Original-Path": "/api/v1/send-otp",
    "X-Original-Method": "GET",
    "X-Denial-Status": "200",
    "X-HTTP-Method-Override": "DELETE",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "Forwarded": "for=203.0.113.9",
    "X-Real-IP": "203.0.113.9",
    "Cookie": "a=b",
    "Proxy": "http://evil.example",
    "X_Internal_Token": "forged",
}


def test_a_service_gets_the_listed_headers_and_no_others(door: FrontDoor) -> None:
    given = FORGED | {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": "k1",
        "If-None-Match": 'W/"1"',
        "Accept": "application/json",
        "User-Agent": "phone/1",
        "tracestate": "a=1",
    }
    response = door.send("POST", ME, data=b"{}", headers=bearer() | given)
    assert response.status_code == 200
    seen = {name.lower(): value for name, value in response.json()["headers"]}
    internal, request_id, trace = (seen.pop(name) for name in ("x-internal-token", "x-request-id", "traceparent"))
    assert internal != "forged"
    assert (request_id, trace) == (response.headers["X-Request-ID"], response.headers["traceparent"])
    assert seen == {
        "host": "habrio",
        "x-forwarded-for": "127.0.0.1",
        "content-type": "application/json; charset=utf-8",
        "content-length": "2",
        "idempotency-key": "k1",
        "if-none-match": 'W/"1"',
        "accept": "application/json",
        "user-agent": "phone/1",
        "tracestate": "a=1",
    }


def test_the_agent_alone_gets_the_access_token() -> None:
    door = FrontDoor(with_agent=True)
    try:
        door.start()
        for path, owner in (
            ("/api/v1/agent/query", "agent"),
            ("/api/v1/agent", "agent"),
            ("/api/v1/agentx", ""),
            (ME, "auth"),
            ("/api/v1/consumer/cart/view", "consumer"),
            ("/api/v1/vendor/orders", "vendor"),
            ("/api/v1/admin/users", "admin"),
            ("/api/v1/send-otp", "auth"),
        ):
            answer = door.send("POST", path, data=b"{}", headers=bearer() | {"X-Access-Token": "forged"})
            if not owner:
                assert answer.status_code == 404
                continue
            seen = answer.json()
            passed = [value for name, value in seen["headers"] if name.lower() == "authorization"]
            assert (seen["service"], passed) == (owner, [bearer()["Authorization"]] if owner == "agent" else []), path
        check_problem(door.get("/api/v1/agent/query"), 401, "missing_token")
    finally:
        door.stop()


def test_forged_identity_opens_nothing(door: FrontDoor) -> None:
    check_problem(door.get(ME, headers=FORGED), 401, "missing_token")
    assert not door.echoes["auth"].seen


def test_a_service_cannot_double_or_change_the_front_doors_headers(door: FrontDoor) -> None:
    wishes = "&".join(
        f"header={header}"
        for header in ("X-Content-Type-Options:none", "Server:flask/9.9", "X-Internal-Token:leak", "X-Powered-By:php")
    )
    response = door.get(f"{ME}?{wishes}&header=Access-Control-Allow-Origin:https://x", headers=bearer())
    check_headers(lambda name: header_values(response, name))
    assert header_values(response, "Access-Control-Allow-Origin") == ["*"]
    for name in ("X-Internal-Token", "X-Powered-By", "X-Denial-Status", "X-User-Id", "Server"):
        assert not header_values(response, name), name


def preflight(origin: str = ORIGIN) -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }


@pytest.mark.parametrize("path", [ME, "/api/v1/vendor/item/add", "/api/v1/send-otp", "/nowhere", "/health"])
def test_a_preflight_is_answered_at_the_door(door: FrontDoor, path: str) -> None:
    response = door.send("OPTIONS", path, headers=preflight())
    assert (response.status_code, response.content) == (204, b"")
    check_headers(lambda name: header_values(response, name))
    assert header_values(response, "Access-Control-Allow-Origin") == ["*"]
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, DELETE, OPTIONS"
    allowed = response.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert set(allowed) == {
        *("authorization", "content-type", "idempotency-key", "if-none-match", "x-request-id", "traceparent")
    }
    assert response.headers["Access-Control-Max-Age"] == "600"
    assert not any(echo.seen for echo in door.echoes.values())


def test_a_preflight_needs_no_verifier(door: FrontDoor) -> None:
    with door.verifier_away():
        assert door.send("OPTIONS", ME, headers=preflight()).status_code == 204


def test_options_that_is_no_preflight_is_a_request_like_any_other(door: FrontDoor) -> None:
    check_problem(door.send("OPTIONS", ME), 401, "missing_token")
    check_problem(door.send("OPTIONS", ME, headers={"Origin": ORIGIN}), 401, "missing_token")
    assert door.send("OPTIONS", ME, headers=bearer()).status_code == 200


@pytest.mark.parametrize("path", [ME, "/nowhere", "/health", f"{ME}?status=500"])
def test_answers_and_errors_carry_cors(door: FrontDoor, path: str) -> None:
    for headers in ({"Origin": ORIGIN}, {"Origin": ORIGIN} | bearer()):
        response = door.get(path, headers=headers)
        assert header_values(response, "Access-Control-Allow-Origin") == ["*"]
        exposed = response.headers["Access-Control-Expose-Headers"]
        assert exposed.startswith("X-Request-ID, traceparent, Retry-After")
        assert not header_values(response, "Access-Control-Allow-Credentials")
        assert not header_values(response, "Access-Control-Allow-Methods")


@pytest.fixture(scope="module")
def strict_door() -> Iterator[FrontDoor]:
    """Production: two origins allowed, one proxy trusted."""
    door = FrontDoor(
        app_env="production",
        cors_allowed_origins="https://app.example, capacitor://localhost",
        trusted_proxies="127.0.0.0/8",
        environment={"JWT_SECRET": "Q7wLx2nZ8vK4pR6sT9uY1aB3cE5fG0hJ-m", "INTERNAL_SECRET": "z" * 20 + "Y8x" * 10},
    )
    try:
        yield door.start()
    finally:
        door.stop()


@pytest.mark.parametrize("path", [ME, "/nowhere"])
def test_an_allowed_origin_is_echoed(strict_door: FrontDoor, path: str) -> None:
    for origin in ("https://app.example", "capacitor://localhost"):
        response = strict_door.get(path, headers={"Origin": origin})
        assert header_values(response, "Access-Control-Allow-Origin") == [origin]
        assert "Origin" in header_values(response, "Vary")
    assert strict_door.send("OPTIONS", path, headers=preflight()).headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://app.example.evil.example", "http://app.example", "null"]
)
def test_another_origin_gets_nothing(strict_door: FrontDoor, origin: str) -> None:
    for response in (
        strict_door.get("/nowhere", headers={"Origin": origin}),
        strict_door.send("OPTIONS", ME, headers=preflight(origin)),
    ):
        assert not [name for name in response.headers if name.startswith("Access-Control")]
        assert "Origin" in header_values(response, "Vary")


def test_test_support_is_not_there_in_production(strict_door: FrontDoor) -> None:
    for path in ("/api/v1/test_support/otp/9876543210", "/test_support/ok", "/api/v1/test_support/boom"):
        check_problem(strict_door.get(path), 404, "not_found")


def test_the_clients_address_comes_from_trusted_proxies_only(door: FrontDoor, strict_door: FrontDoor) -> None:
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    trusting = strict_door.send("POST", "/api/v1/send-otp", headers=headers).json()
    assert header_of(trusting, "X-Forwarded-For") == ["203.0.113.9"]
    assert header_of(door.send("POST", "/api/v1/send-otp", headers=headers).json(), "X-Forwarded-For") == ["127.0.0.1"]


def test_json_is_compressed_for_who_wants_it(door: FrontDoor) -> None:
    response = door.get(f"{ME}?padding=5000", headers=bearer() | {"Accept-Encoding": "gzip"}, stream=True)
    raw = response.raw.read(decode_content=False)
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(raw) < 2500
    assert b"padding" in gzip.decompress(raw)
    plain = door.get(f"{ME}?padding=5000", headers=bearer() | {"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers


def test_an_etag_passes_compressed_or_not_and_its_304_too(door: FrontDoor) -> None:
    tagged = f"{ME}?padding=5000&header=ETag:W/%221%22&header=Cache-Control:private,+no-cache&header=Vary:Authorization"
    for encoding in ("gzip", "identity"):
        headers = bearer() | {"Accept-Encoding": encoding, "If-None-Match": 'W/"2"', "Origin": ORIGIN}
        full = door.get(tagged, headers=headers)
        assert (full.status_code, full.headers["ETag"]) == (200, 'W/"1"')
        assert full.headers["Cache-Control"] == "private, no-cache"
        assert "Authorization" in header_values(full, "Vary")
        assert "ETag" in full.headers["Access-Control-Expose-Headers"]
        # The service alone judges: what it sends whole arrives whole.
        assert door.get(tagged, headers=headers | {"If-None-Match": 'W/"1"'}).status_code == 200
        same = door.get(f"{tagged}&status=304", headers=headers)
        assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", 'W/"1"')
        check_headers(lambda name, same=same: header_values(same, name))
    check_problem(door.get(f"{tagged}&status=304", headers={"If-None-Match": 'W/"1"'}), 401, "missing_token")


def test_a_token_is_not_passed_on_in_any_form(door: FrontDoor) -> None:
    token = access_token()
    seen = door.get(ME, headers={"Authorization": token, "Cookie": f"t={token}"}).json()
    assert token not in str(seen)
