"""Parts that are away: a 503 that says when to come back, soon, and only for who needs the part."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.integration.gateway.envelope import check_problem, header_values
from tests.integration.gateway.front_door import FrontDoor, bearer

ME = "/api/v1/me"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_service_that_is_down_is_503_within_two_seconds_and_others_are_not(door: FrontDoor, method: str) -> None:
    with door.echoes["consumer"].away(), within(2):
        response = door.send(method, "/api/v1/consumer/cart/view", headers=bearer())
        check_problem(response, 503, "service_unavailable")
        assert header_values(response, "Retry-After") == ["1"]
        assert door.send(method, ME, headers=bearer()).status_code == 200
    assert door.send(method, "/api/v1/consumer/cart/view", headers=bearer()).status_code == 200


def test_a_service_that_hangs_up_is_503(door: FrontDoor) -> None:
    check_problem(door.send("POST", f"{ME}?cut=1", headers=bearer()), 503, "service_unavailable")


def test_a_post_is_never_sent_twice(door: FrontDoor) -> None:
    door.send("POST", f"{ME}?cut=1", headers=bearer())
    assert len(door.echoes["auth"].seen) == 1


def test_a_dead_verifier_is_503_for_services_and_spares_what_needs_none(door: FrontDoor) -> None:
    with door.verifier_away():
        for path in (ME, "/api/v1/send-otp"):
            with within(2):
                response = door.get(path, headers=bearer() | {"Origin": "https://a.example"})
            check_problem(response, 503, "service_unavailable")
            assert header_values(response, "Retry-After") == ["1"]
            assert header_values(response, "Access-Control-Allow-Origin") == ["*"]
        check_problem(door.get("/nowhere"), 404, "not_found")
        check_problem(door.get("/health"), 503, "service_unavailable")
        assert not door.echoes["auth"].seen
    assert door.get(ME, headers=bearer()).status_code == 200


def test_an_auth_database_that_is_away_closes_what_needs_a_session(door: FrontDoor) -> None:
    path = door.sessions.path
    hidden = path.with_name("hidden.db")
    door.stop_verifier()
    path.rename(hidden)
    try:
        door.start_verifier()
        response = door.get(ME, headers=bearer())
        check_problem(response, 503, "service_unavailable")
        assert header_values(response, "Retry-After") == ["1"]
        check_problem(door.get(ME), 401, "missing_token")
        check_problem(door.get(ME, headers={"Authorization": "x"}), 401, "invalid_token")
        assert door.send("POST", "/api/v1/send-otp").status_code == 200
    finally:
        hidden.rename(path)
    assert door.get(ME, headers=bearer()).status_code == 200


def test_a_view_of_another_version_closes_too(door: FrontDoor) -> None:
    door.sessions.put("future", contract_version=2)
    check_problem(door.get(ME, headers=bearer("future")), 503, "service_unavailable")


def test_a_service_restarted_while_connections_are_kept_is_reached_at_once(door: FrontDoor) -> None:
    for _ in range(5):
        assert door.send("POST", ME, headers=bearer()).status_code == 200
        with door.echoes["auth"].away():
            pass
        assert door.send("POST", ME, headers=bearer()).status_code == 200


def test_ready_names_what_is_missing(door: FrontDoor) -> None:
    time.sleep(0.6)  # answers are kept for half a second
    body = door.get("/ready").json()
    assert body["status"] == "ok"
    assert body["services"]["gateway"] == {"ready": True, "checks": {"sessions": True}}
    assert {name for name, state in body["services"].items() if state["ready"]} == {"gateway", *door.echoes}
    time.sleep(0.6)
    with door.echoes["vendor"].away(), within(2):
        body = check_problem(door.get("/ready"), 503, "not_ready")
    assert body["services"]["vendor"] == {"ready": False, "reason": "no answer"}
    assert body["services"]["auth"] == {"ready": True}


class Hanging:
    """Listens and never takes a connection from its queue, so that the next one is never made."""

    def __init__(self) -> None:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self.port = int(self._listener.getsockname()[1])
        self._queue = []
        for _ in range(4):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", self.port))
            self._queue.append(waiting)

    def close(self) -> None:
        for waiting in (*self._queue, self._listener):
            waiting.close()


@pytest.fixture
def slow_door() -> Iterator[FrontDoor]:
    """A front door with time-outs of a second, where `consumer` cannot be connected to."""
    hanging = Hanging()

    class Slow(FrontDoor):
        def configuration(self, **upstreams: str) -> str:
            text = super().configuration(consumer=f"127.0.0.1:{hanging.port}", **upstreams)
            return text.replace("proxy_read_timeout 10s", "proxy_read_timeout 1s")

    door = Slow()
    try:
        yield door.start()
    finally:
        door.stop()
        hanging.close()


def test_a_slow_service_is_504_and_one_that_cannot_be_connected_to_503(slow_door: FrontDoor) -> None:
    with within(2):
        check_problem(slow_door.send("POST", f"{ME}?delay=1.5", headers=bearer()), 504, "gateway_timeout")
    assert len(slow_door.echoes["auth"].seen) == 1
    with within(2):
        response = slow_door.send("POST", "/api/v1/consumer/cart/add", headers=bearer())
    check_problem(response, 503, "service_unavailable")
    assert header_values(response, "Retry-After") == ["1"]


@pytest.fixture
def doubled_door() -> Iterator[FrontDoor]:
    """A front door with two upstreams for auth, the second of them `admin`'s port."""

    class Doubled(FrontDoor):
        def configuration(self, **upstreams: str) -> str:
            both = f"127.0.0.1:{self.echoes['auth'].port}, 127.0.0.1:{self.echoes['admin'].port}"
            return super().configuration(auth=both, **upstreams)

    door = Doubled(nginx_workers=1)
    try:
        yield door.start()
    finally:
        door.stop()


def test_with_two_upstreams_one_may_die_unnoticed(doubled_door: FrontDoor) -> None:
    doubled_door.echoes["auth"].stop()
    for method in ("GET", "POST") * 5:
        assert doubled_door.send(method, ME, headers=bearer()).json()["service"] == "admin"
    doubled_door.echoes["admin"].stop()
    check_problem(doubled_door.get(ME, headers=bearer()), 503, "service_unavailable")


def test_only_what_is_safe_is_tried_at_the_other_upstream(doubled_door: FrontDoor) -> None:
    first, second = doubled_door.echoes["auth"], doubled_door.echoes["admin"]
    for _ in range(2):  # both upstreams get their turn at being first
        doubled_door.send("POST", f"{ME}?cut=1", headers=bearer())
    assert len(first.seen) + len(second.seen) == 2
    doubled_door.get(f"{ME}?cut=1", headers=bearer())
    assert len(first.seen) + len(second.seen) == 4


def test_a_reload_loses_no_request(door: FrontDoor) -> None:
    assert door.nginx is not None
    statuses: list[int] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            statuses.append(door.raw(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for _ in range(3):
        begun = len(statuses)
        door.nginx.send_signal(1)
        while len(statuses) < begun + 30:
            time.sleep(0.01)
    stop.set()
    for asker in askers:
        asker.join()
    assert set(statuses) == {200}
