"""Signed HTTP between services: bounded in time and tries, behind a breaker for each target (DESIGN.md §7)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, TypeVar
from urllib.parse import unquote, urlencode, urlsplit

import pybreaker
from flask import current_app, g, has_request_context
from urllib3 import BaseHTTPResponse, Retry, Timeout, connection_from_url
from urllib3.exceptions import HTTPError

from habrio_shared import faults, request_ids, telemetry
from habrio_shared.database import in_transaction
from habrio_shared.errors import BadGateway, Unavailable
from habrio_shared.identity import tokens
from habrio_shared.identity.caller import Caller
from habrio_shared.identity.keys import KeyRing
from habrio_shared.settings import Settings

Sent = TypeVar("Sent")

CONNECT_TIMEOUT_SECONDS = 0.5
READ_TIMEOUT_SECONDS = 3.0
TRIES_AFTER_THE_FIRST = 2
BREAKER_FAILURES = 5
BREAKER_REST_SECONDS = 2.0
POOL_SIZE = 16

# Only a connection that was never made is tried again here: whoever may repeat more knows it by a key.
CONNECTS: Final = Retry(
    total=TRIES_AFTER_THE_FIRST,
    connect=TRIES_AFTER_THE_FIRST,
    read=0,
    status=0,
    redirect=0,
    other=0,
    backoff_factor=0.05,
    backoff_jitter=0.05,
    respect_retry_after_header=False,  # what the target answers is an answer, a 429 too
)

BEFORE_SEND = faults.declare("call.before_send")
AFTER_SEND = faults.declare("call.after_send")


class TargetUnavailable(Unavailable):
    """The other service could not be reached, was too slow, or failed: nobody knows whether it acted."""


class TargetRefused(BadGateway):
    """The other service understood and said no (4xx): `answered` and `body` are its answer, with how long it says to
    wait (429).

    A caller that expects a refusal catches it; where nobody does it is a 502, and what was refused is named in the
    log alone: the services' talk is no business of a client's.
    """

    def __init__(
        self, target: str, answered: int, body: dict[str, Any], *, retry_after_seconds: int | None = None
    ) -> None:
        super().__init__(retry_after_seconds=retry_after_seconds)
        self.target = target
        self.answered = answered
        self.body = body

    def __str__(self) -> str:
        return f"{self.target} answered {self.answered} {self.body.get('error', '')}: {self.body.get('message', '')}"


class TargetFailed(Exception):
    """The other service answered with this `status`, which is 5xx."""

    def __init__(self, target: str, status: int) -> None:
        super().__init__(f"{target} answered {status}")
        self.status = status


class _Breaker(pybreaker.CircuitBreaker):
    """pybreaker's own holds a lock while it calls: only one call at a time would leave this process for a target.

    Without it several may be the first ones after a rest, and failures that come together are counted once or twice.
    """

    def call(self, func: Callable[..., Sent], *args: Any, **kwargs: Any) -> Sent:
        return self.state.call(func, *args, **kwargs)


class InternalClient:
    """Calls one other service in this service's name; safe to share between threads."""

    def __init__(self, settings: Settings, keys: KeyRing, target: str) -> None:
        self._service = settings.service
        self._keys = keys
        self._target = target
        url = str(getattr(settings, f"{target}_url")).rstrip("/")
        self._prefix = urlsplit(url).path
        self._seconds = settings.internal_token_seconds
        self._breaker = _Breaker(
            fail_max=BREAKER_FAILURES,
            reset_timeout=BREAKER_REST_SECONDS,
            throw_new_error_on_trip=False,
            exclude=[_is_about_this_request],
        )
        self._pool = connection_from_url(url, maxsize=POOL_SIZE)

    def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        timeout_seconds: float = READ_TIMEOUT_SECONDS,
    ) -> dict[str, Any]:
        """The JSON object that the target answers.

        TargetUnavailable when it is away, slow (connect 0.5 s, read `timeout_seconds`) or answers 5xx or no JSON;
        TargetRefused when it answers 4xx. Calling it inside a transaction is a RuntimeError: a lock would wait for
        the network.
        """
        if in_transaction():
            raise RuntimeError("no call may leave the process inside a transaction")
        try:
            response = self._breaker.call(self._send, method, path, json, params, headers or {}, timeout_seconds)
        except (HTTPError, TargetFailed, pybreaker.CircuitBreakerError) as error:
            raise TargetUnavailable(f"The {self._target} service is not available just now") from error
        return self._object(response)

    def _send(
        self,
        method: str,
        path: str,
        content: object,
        params: dict[str, Any] | None,
        headers: dict[str, str],
        timeout_seconds: float,
    ) -> BaseHTTPResponse:
        caller = Caller(issuer=self._service, role="service")
        bound = unquote(urlsplit(path).path)
        token = tokens.mint(self._keys, caller, audience=self._target, method=method, path=bound, seconds=self._seconds)
        sent = {tokens.HEADER: token, **_ids(), **headers}
        if content is not None:
            sent["Content-Type"] = "application/json"
        faults.point(BEFORE_SEND)
        response = self._pool.urlopen(
            method,
            self._prefix + path + _query(params or {}),
            body=None if content is None else json.dumps(content).encode(),
            headers=sent,
            retries=CONNECTS,
            redirect=False,
            timeout=Timeout(connect=CONNECT_TIMEOUT_SECONDS, read=timeout_seconds),
        )
        faults.point(AFTER_SEND)
        if response.status >= 500:
            raise TargetFailed(self._target, response.status)
        return response

    def _object(self, response: BaseHTTPResponse) -> dict[str, Any]:
        try:
            body = json.loads(response.data)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise TargetUnavailable(f"The {self._target} service gave no proper answer")
        if response.status >= 400:
            wait = response.headers.get("Retry-After", "")
            seconds = int(wait) if wait.isascii() and wait.isdigit() else None
            raise TargetRefused(self._target, response.status, body, retry_after_seconds=seconds)
        return body


def _query(params: dict[str, Any]) -> str:
    """The query string, its question mark included; a parameter that is None is left out, a list is given often."""
    given = urlencode({name: value for name, value in params.items() if value is not None}, doseq=True)
    return f"?{given}" if given else ""


def _is_about_this_request(error: BaseException) -> bool:
    """Whether a failure says nothing of the target's health: a 500 to one request must not rest it for all."""
    return isinstance(error, TargetFailed) and error.status == 500


def _ids() -> dict[str, str]:
    if not has_request_context():
        return {"X-Request-ID": request_ids.request_id(None), "traceparent": telemetry.traceparent(None)}
    return {"X-Request-ID": g.request_id, "traceparent": g.traceparent}


def client(target: str) -> InternalClient:
    """The current app's client for `target` ("vendor"): one a process, so that its breaker knows every failure."""
    clients: dict[str, InternalClient] = current_app.extensions["habrio_clients"]
    if target not in clients:
        clients[target] = InternalClient(
            current_app.extensions["habrio_settings"], current_app.extensions["habrio_keys"], target
        )
    return clients[target]
