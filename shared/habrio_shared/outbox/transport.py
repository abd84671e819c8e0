"""How a message gets to its target: signed HTTP, or whatever a test puts in its place."""

from __future__ import annotations

from typing import Any, Protocol

from flask import current_app

from habrio_shared import http_client
from habrio_shared.http_client import TargetFailed, TargetRefused, TargetUnavailable

EXTENSION = "habrio_transport"
MESSAGE_ID_HEADER = "X-Message-Id"
AWAY_STATUSES = (502, 503, 504)


class Undelivered(Exception):
    """Nobody knows whether the message arrived. `is_away`: nothing gets through to this target just now."""

    def __init__(self, reason: str, *, is_away: bool) -> None:
        super().__init__(reason)
        self.is_away = is_away


class Transport(Protocol):
    def send(
        self, target: str, kind: str, key: str, body: dict[str, Any], timeout_seconds: float, headers: dict[str, str]
    ) -> dict[str, Any]:
        """Deliver one message and give back the target's reply; Undelivered for whatever else may happen."""
        ...


class HttpTransport:
    """`POST /internal/messages/<kind>` of the target, through this app's client for it."""

    def send(
        self, target: str, kind: str, key: str, body: dict[str, Any], timeout_seconds: float, headers: dict[str, str]
    ) -> dict[str, Any]:
        try:
            receipt = http_client.client(target).request(
                "POST",
                f"/internal/messages/{kind}",
                json=body,
                headers={**headers, MESSAGE_ID_HEADER: key},
                timeout_seconds=timeout_seconds,
            )
        except TargetRefused as error:
            raise Undelivered(str(error), is_away=False) from error
        except TargetUnavailable as error:
            raise Undelivered(f"{target}: {error.__cause__ or error}", is_away=_is_away(error)) from error
        reply = receipt.get("reply")
        if not isinstance(reply, dict):
            raise Undelivered(f"{target} gave no reply", is_away=False)
        return reply


def _is_away(error: TargetUnavailable) -> bool:
    """Whether other messages would fail too: an answer that is a 500, or no JSON, may be about this message alone."""
    cause = error.__cause__
    if isinstance(cause, TargetFailed):
        return cause.status in AWAY_STATUSES
    return cause is not None


def current_transport() -> Transport:
    """The current app's transport."""
    transport: Transport = current_app.extensions.get(EXTENSION) or HttpTransport()
    return transport
