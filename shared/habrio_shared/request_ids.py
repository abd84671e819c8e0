"""Ids that follow a request: `X-Request-ID` and the W3C `traceparent`, taken over when well formed, else made."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")

outside_flask: ContextVar[str] = ContextVar("habrio_request_id", default="")
"""The id of a request that is answered without Flask, for its log lines; Flask's requests keep theirs in `g`."""


def request_id(given: str | None) -> str:
    """`given` when it is at most 100 of [A-Za-z0-9._-], else 32 random hexadecimal digits."""
    return given if given and REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


def traceparent(given: str | None) -> str:
    """`given` when it is a valid W3C trace context of version 00, else a new, unsampled one."""
    if given and TRACEPARENT.fullmatch(given):
        return given
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
