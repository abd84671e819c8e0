"""What is no proper request gets the envelope too, from nginx itself."""

from __future__ import annotations

import socket

import pytest

from tests.integration.gateway.envelope import check_headers, check_problem, check_raw_problem, header_values
from tests.integration.gateway.front_door import FrontDoor, access_token, bearer, read_answer

MIB = 1024 * 1024
ADD = "/api/v1/vendor/item/add"
UPLOAD = "/api/v1/vendor/upload-document"


@pytest.mark.parametrize(
    ("request_", "status", "word"),
    [
        (b"GARBAGE\r\n\r\n", 400, "bad_request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "bad_request"),
        (b"get /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (b"GET api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (b"GET /api/v1/me HTTP/1.1\r\n\r\n", 400, "bad_request"),
        (b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "bad_request"),
        (b"GET /api/v1/me HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "bad_request"),
        (b"GET /api/v1/me%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (b"GET /api/v1/me%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (b"GET /api/v1/\x01 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n", 400, "bad_request"),
        (b"POST /api/v1/me HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400, "bad_request"),
        (
            b"POST /api/v1/me HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            400,
            "bad_request",
        ),
        (
            b"POST /api/v1/me HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
            "bad_request",
        ),
        (b"POST /api/v1/me HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "not_implemented"),
        (b"GET /api/v1/me HTTP/3.0\r\nHost: x\r\n\r\n", 505, "http_version_not_supported"),
        (b"TRACE /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method_not_allowed"),
        (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method_not_allowed"),
        (b"GET /" + b"a" * 600 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "uri_too_long"),
        (b"GET /api/v1/me?" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "uri_too_long"),
        (b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 431, "headers_too_large"),
        (b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\n" + b"X: aaaaaaaa\r\n" * 4000 + b"\r\n", 431, "headers_too_large"),
    ],
)
def test_a_malformed_request_gets_the_envelope(door: FrontDoor, request_: bytes, status: int, word: str) -> None:
    check_raw_problem(door.raw(request_), status, word)
    assert not any(echo.seen for echo in door.echoes.values())


def test_http_1_0_is_served(door: FrontDoor) -> None:
    answer = door.raw(b"GET /health HTTP/1.0\r\n\r\n")
    assert (answer.status, answer.json()) == (200, {"status": "ok"})
    check_headers(answer.values)


def test_a_long_query_and_a_large_header_still_arrive(door: FrontDoor) -> None:
    response = door.get(f"/api/v1/me?q={'a' * 7000}", headers=bearer() | {"User-Agent": "x" * 8000})
    assert response.status_code == 200
    assert response.json()["target"].endswith("a" * 7000)


@pytest.mark.parametrize(("path", "limit"), [(ADD, MIB), (UPLOAD, 5 * MIB)])
def test_a_body_may_be_as_large_as_its_route_allows(door: FrontDoor, path: str, limit: int) -> None:
    response = door.send("POST", path, data=b"x" * limit, headers=bearer())
    assert (response.status_code, response.json()["body_bytes"]) == (200, limit)
    check_problem(door.send("POST", path, data=b"x" * (limit + 1), headers=bearer()), 413, "payload_too_large")


@pytest.mark.parametrize(("path", "limit"), [(ADD, MIB), (UPLOAD, 5 * MIB)])
def test_a_body_that_does_not_say_its_size_has_the_same_limit(door: FrontDoor, path: str, limit: int) -> None:
    def pieces(total: int) -> object:
        return (b"x" * 65536 for _ in range(total // 65536))

    response = door.send("POST", path, data=pieces(limit), headers=bearer())
    assert (response.status_code, response.json()["body_bytes"]) == (200, limit)
    check_problem(door.send("POST", path, data=pieces(limit + 65536), headers=bearer()), 413, "payload_too_large")


def test_a_claimed_size_is_refused_before_the_body_is_sent(door: FrontDoor) -> None:
    answer = door.raw(f"POST {ADD} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n".encode())
    check_raw_problem(answer, 413, "payload_too_large")


@pytest.mark.parametrize(("path", "streamed"), [(UPLOAD, True), (ADD, False)])
def test_uploads_are_passed_on_while_they_arrive_and_nothing_else_is(
    door: FrontDoor, path: str, streamed: bool
) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {access_token()}\r\nContent-Length: 200000\r\n\r\n"
    vendor = door.echoes["vendor"]
    vendor.began.clear()
    with socket.create_connection(("127.0.0.1", door.port), timeout=10) as wire:
        wire.sendall(head.encode() + b"x" * 100_000)
        assert vendor.began.wait(5 if streamed else 0.5) == streamed
        wire.sendall(b"x" * 100_000)
        assert read_answer(wire).json()["body_bytes"] == 200_000


def test_errors_after_a_large_body_reach_the_client(door: FrontDoor) -> None:
    for _ in range(3):
        response = door.send("POST", ADD, data=b"x" * (3 * MIB), headers=bearer())
        check_problem(response, 413, "payload_too_large")
        assert header_values(response, "Connection") in (["close"], ["keep-alive"])


def test_a_body_that_nobody_read_does_not_cost_the_next_request_its_answer(door: FrontDoor) -> None:
    request = b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n" + b"x" * 900_000
    with socket.create_connection(("127.0.0.1", door.verifier_port), timeout=10) as wire:  # as nginx uses it
        for _ in range(2):
            wire.sendall(request)
            assert read_answer(wire).status == 405
