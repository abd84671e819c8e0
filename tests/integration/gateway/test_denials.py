"""What the verifier refuses, as clients see it; and what services refuse, passed on untouched."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from habrio_shared.identity.user_tokens import MAX_TOKEN_BYTES
from tests.integration.gateway.envelope import check_problem, check_raw_problem, header_values
from tests.integration.gateway.front_door import PHONE, FrontDoor, access_token, bearer

ME = "/api/v1/me"


def test_no_token_is_401(door: FrontDoor) -> None:
    for headers in ({}, {"Authorization": ""}, {"Cookie": f"access_token={access_token()}"}):
        check_problem(door.get(ME, headers=headers), 401, "missing_token")
    check_problem(door.get(f"{ME}?access_token={access_token()}"), 401, "missing_token")


def test_a_bad_token_is_401(door: FrontDoor) -> None:
    good = access_token()
    for token in ("x", good[:-3], good + "A", good.replace(".", ".."), access_token(secret="x" * 40), "Basic dTpw"):
        check_problem(door.get(ME, headers={"Authorization": token}), 401, "invalid_token")
    check_problem(door.get(ME, headers=bearer(type="refresh")), 401, "invalid_token")
    now = int(time.time())
    check_problem(door.get(ME, headers=bearer(iat=now - 900, exp=now - 1)), 401, "token_expired")


def test_a_token_that_is_too_long_is_401_and_one_of_a_megabyte_431(door: FrontDoor) -> None:
    check_problem(door.get(ME, headers={"Authorization": "x" * (MAX_TOKEN_BYTES - 100)}), 401, "invalid_token")
    request = f"GET {ME} HTTP/1.1\r\nHost: x\r\nAuthorization: {'x' * 1_000_000}\r\n\r\n".encode()
    check_raw_problem(door.raw(request), 431, "headers_too_large")


def test_two_authorization_headers_are_refused(door: FrontDoor) -> None:
    line = f"Authorization: Bearer {access_token()}\r\n"
    for other in (line, "Authorization: x\r\n"):
        answer = door.raw(f"GET {ME} HTTP/1.1\r\nHost: x\r\n{line}{other}Connection: close\r\n\r\n".encode())
        check_raw_problem(answer, 400, "bad_request")  # nginx itself refuses them
    assert not door.echoes["auth"].seen


def test_bearer_is_optional_and_its_case_does_not_matter(door: FrontDoor) -> None:
    for form in ("{}", "Bearer {}", "bearer {}"):
        assert door.get(ME, headers={"Authorization": form.format(access_token())}).status_code == 200


def test_an_ended_session_and_another_users_are_401(door: FrontDoor) -> None:
    door.sessions.put("ended", live=0)
    door.sessions.put("other", phone="+919876500000")
    for session_id in ("ended", "other", "unknown"):
        check_problem(door.get(ME, headers=bearer(session_id)), 401, "session_ended")


def test_a_suspended_account_is_403(door: FrontDoor) -> None:
    door.sessions.put("suspended", active=0)
    check_problem(door.get(ME, headers=bearer("suspended")), 403, "account_suspended")


def test_logout_suspension_and_a_new_role_hold_from_the_next_request_on(door: FrontDoor) -> None:
    door.sessions.put("s2")
    for _ in range(20):
        assert door.get(ME, headers=bearer("s2")).status_code == 200
        door.sessions.put("s2", live=0)
        check_problem(door.get(ME, headers=bearer("s2")), 401, "session_ended")
        door.sessions.put("s2", active=0)
        check_problem(door.get(ME, headers=bearer("s2")), 403, "account_suspended")
        door.sessions.put("s2")


def test_a_denied_body_is_never_sent_on_and_the_connection_lives(door: FrontDoor) -> None:
    for _ in range(3):
        check_problem(door.send("POST", ME, data=b"x" * 100_000), 401, "missing_token")
    assert not door.echoes["auth"].seen


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 502, 503, 504])
def test_what_a_service_answers_passes_as_it_is(door: FrontDoor, status: int) -> None:
    response = door.get(f"{ME}?status={status}&header=Retry-After:7", headers=bearer())
    assert response.status_code == status
    assert response.json()["service"] == "auth"
    assert header_values(response, "Retry-After") == ["7"]


@pytest.fixture(scope="module")
def limited_door() -> Iterator[FrontDoor]:
    """A front door whose verifier lets three requests of a user pass."""
    door = FrontDoor(verifier_app="tests.integration.gateway.limited:create_app()")
    try:
        yield door.start()
    finally:
        door.stop()


def test_a_limit_is_429_with_when_to_come_back(limited_door: FrontDoor) -> None:
    for _ in range(3):
        response = limited_door.get(ME, headers=bearer())
        assert response.status_code == 200
        assert not header_values(response, "Retry-After")
        assert not header_values(response, "RateLimit-Limit")
    response = limited_door.get(ME, headers=bearer() | {"Origin": "https://a.example"})
    body = check_problem(response, 429, "too_many_requests")
    assert body["message"] == 'The limit "3 an hour" – ग्राहक – is reached\\'
    assert header_values(response, "Retry-After") == ["60"]
    assert header_values(response, "RateLimit-Limit") == ["3"]
    assert header_values(response, "RateLimit-Remaining") == ["0"]
    assert header_values(response, "RateLimit-Reset") == ["60"]
    assert "RateLimit-Limit" in response.headers["Access-Control-Expose-Headers"]


def test_a_fault_of_the_verifier_is_500_and_tells_nothing(limited_door: FrontDoor) -> None:
    limited_door.sessions.put("fault", user_id=666)
    response = limited_door.get(ME, headers=bearer("fault"))
    check_problem(response, 500, "internal_error")
    assert PHONE not in response.text
    assert not limited_door.echoes["auth"].seen[3:]


def test_the_access_log_is_json_without_tokens_or_phones(door: FrontDoor) -> None:
    door.get("/api/v1/test_support/otp/9876543210?phone=9876543210", headers={"User-Agent": 'a"b\\c'})
    door.get(ME, headers=bearer() | {"X-Request-ID": "find-me"})
    deadline = time.monotonic() + 5
    while not (lines := [line for line in door.access_log() if line["request_id"] == "find-me"]):
        assert time.monotonic() < deadline
    assert (lines[0]["user_id"], lines[0]["status"], lines[0]["path"]) == ("7", 200, ME)
    text = json.dumps(door.access_log())
    assert "9876543210" not in text
    assert "eyJ" not in text
