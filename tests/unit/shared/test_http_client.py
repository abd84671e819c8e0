"""Calls between services: many at once, and a target that fails is left alone for a while."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from pydantic import SecretStr

from habrio_shared.http_client import BREAKER_FAILURES, InternalClient, TargetRefused, TargetUnavailable
from habrio_shared.identity.keys import KeyRing
from habrio_shared.settings import Settings
from tests.support.at_once import at_once

AT_ONCE = 6


class _Target(BaseHTTPRequestHandler):
    """Answers when so many ask at once; `/broken` is cut, `/later` asks to wait, `/echo` says what it was asked."""

    protocol_version = "HTTP/1.1"
    together: ClassVar[threading.Barrier]
    asked: ClassVar[list[str]]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/broken":
            self.close_connection = True
            return
        if self.path == "/later":
            self._answer(429, {"error": "too_many_requests"}, wait="7")
        elif self.path.startswith("/echo"):
            self._answer(200, {"path": self.path})
        else:
            self.together.wait(5)
            self._answer(200, {})

    def _answer(self, status: int, body: dict[str, str], wait: str = "") -> None:
        written = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(written)))
        if wait:
            self.send_header("Retry-After", wait)
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def target() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    own = {"together": threading.Barrier(AT_ONCE), "asked": asked}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Target", (_Target,), own))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join(10)
    server.server_close()


def client_of(url: str) -> InternalClient:
    settings = Settings(internal_secret=SecretStr("7c" * 32), vendor_url=url)
    return InternalClient(settings, KeyRing(settings), "vendor")


def test_calls_to_one_target_do_not_wait_for_each_other(target: tuple[str, list[str]]) -> None:
    client = client_of(target[0])
    assert at_once(*[lambda: client.request("GET", "/")] * AT_ONCE) == [{}] * AT_ONCE


def test_a_target_that_fails_again_and_again_is_left_alone(target: tuple[str, list[str]]) -> None:
    client, (_, asked) = client_of(target[0]), target
    for _ in range(BREAKER_FAILURES + 3):
        with pytest.raises(TargetUnavailable):
            client.request("GET", "/broken")
    assert len(asked) == BREAKER_FAILURES


def test_a_target_that_asks_to_wait_is_asked_once_and_says_how_long(target: tuple[str, list[str]]) -> None:
    with pytest.raises(TargetRefused) as refused:
        client_of(target[0]).request("GET", "/later")
    assert (refused.value.answered, refused.value.retry_after_seconds, target[1]) == (429, 7, ["/later"])


def test_what_is_asked_for_goes_into_the_query_and_what_is_not_given_stays_out(target: tuple[str, list[str]]) -> None:
    asked = {"status": "a&b=c", "cursor": None, "day": ["1", "2"]}
    assert client_of(target[0]).request("GET", "/echo", params=asked) == {"path": "/echo?status=a%26b%3Dc&day=1&day=2"}


def test_a_target_may_live_below_a_path(target: tuple[str, list[str]]) -> None:
    assert client_of(target[0] + "/echo/").request("GET", "/orders") == {"path": "/echo/orders"}
