"""What every answer through the gateway has to look like."""

from __future__ import annotations

import json
import re
from typing import Any

import requests

ALWAYS_ONCE = ("X-Request-ID", "traceparent", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def header_values(response: requests.Response, name: str) -> list[str]:
    """Every value of a header, doubles included (requests joins them)."""
    return list(response.raw.headers.getlist(name))


def check_headers(values_of: Any) -> None:
    """`values_of(name)` gives every value of a header. Each of the platform's own stands there once."""
    for name in ALWAYS_ONCE:
        assert len(values_of(name)) == 1, (name, values_of(name))
    assert REQUEST_ID.fullmatch(values_of("X-Request-ID")[0])
    assert TRACEPARENT.fullmatch(values_of("traceparent")[0])
    assert values_of("X-Content-Type-Options") == ["nosniff"]
    assert values_of("X-Frame-Options") == ["DENY"]
    assert values_of("Referrer-Policy") == ["no-referrer"]
    assert not any(re.search(r"\d", value) for value in values_of("Server")), "a server version is shown"


def check_problem(response: requests.Response, status: int, word: str) -> dict[str, Any]:
    """The envelope of API.md with this status and word; the parsed body."""
    check_headers(lambda name: header_values(response, name))
    return _check_body(response.content, response.status_code, response.headers, status, word)


def check_raw_problem(answer: Any, status: int, word: str) -> dict[str, Any]:
    """The same for an answer read from the wire."""
    check_headers(answer.values)
    return _check_body(answer.body, answer.status, dict(answer.headers), status, word)


def _check_body(content: bytes, got: int, headers: Any, status: int, word: str) -> dict[str, Any]:
    assert got == status, content[:300]
    assert headers["Content-Type"] == "application/json"
    body: dict[str, Any] = json.loads(content)
    assert (body["status"], body["code"], body["error"]) == ("error", status, word)
    assert isinstance(body["message"], str)
    assert body["message"]
    assert body["request_id"] == headers["X-Request-ID"]
    return body
