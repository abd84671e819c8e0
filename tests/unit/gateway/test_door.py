"""`/verify` without Flask: what else comes goes to the others, and a fault of ours lets nobody in."""

from __future__ import annotations

import io
import logging
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

from habrio_gateway.door import Door
from habrio_gateway.verify import Asked, Verifier
from habrio_shared.logs import JsonFormatter
from tests.unit.gateway.test_verify import LIVE, ME, FakeSessions, authorization, verifier


class Broken(Verifier):
    """Has a fault that nobody foresaw."""

    def __init__(self) -> None:
        pass

    def decide(self, asked: Asked) -> Any:
        raise KeyError(asked.raw_path)


def other_pages(_environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("200 OK", [])
    return [b"Flask's"]


def ask(door: Door, path: str = "/verify", **headers: str) -> tuple[str, dict[str, str], bytes]:
    environ: dict[str, Any] = {"PATH_INFO": path, **{f"HTTP_{name}": value for name, value in headers.items()}}
    setup_testing_defaults(environ)
    seen: list[Any] = []
    body = b"".join(door(environ, lambda status, headers, _error=None: seen.extend((status, dict(headers)))))  # type: ignore[arg-type]  # WSGI's write() is not used
    return seen[0], seen[1], body


def test_a_good_request_gets_its_token_ids_and_no_body() -> None:
    door = Door(verifier(FakeSessions(LIVE)), other_pages)
    status, headers, body = ask(
        door, X_ORIGINAL_METHOD="GET", X_ORIGINAL_PATH=ME, AUTHORIZATION=authorization(), X_REQUEST_ID="r-1"
    )
    assert (status, headers["X-Request-ID"], headers["X-User-Id"], body) == ("204 No Content", "r-1", "7", b"")
    assert headers["X-Internal-Token"] and headers["traceparent"]


def test_every_other_page_is_flasks() -> None:
    door = Door(verifier(FakeSessions(LIVE)), other_pages)
    assert ask(door, "/verify/")[2] == ask(door, "/health")[2] == b"Flask's"


def test_a_fault_is_500_and_named_in_the_log_under_its_request_and_no_later_line_is() -> None:
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(JsonFormatter("gateway"))
    logging.getLogger().addHandler(handler)
    try:
        status, headers, _ = ask(Door(Broken(), other_pages), X_ORIGINAL_PATH=ME, X_REQUEST_ID="r-2")
        logging.getLogger("afterwards").error("nobody's")
    finally:
        logging.getLogger().removeHandler(handler)
    assert (status, headers["X-Denial-Status"]) == ("500 Internal Server Error", "500")
    assert "X-Internal-Token" not in headers
    line, later = said.getvalue().splitlines()
    assert '"r-2"' in line and "KeyError" in line
    assert '"r-2"' not in later and "nobody's" in later
