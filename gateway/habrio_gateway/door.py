"""What nginx asks before each request to a service, answered in plain WSGI: `GET /verify` (ADR 0026).

Flask's request and response objects would cost as much as the decision itself, twice for each request of a client. All
other pages of the gateway are Flask's.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from habrio_gateway.verify import Asked, Verifier
from habrio_shared import request_ids, telemetry
from habrio_shared.errors import HabrioError, InternalError, envelope
from habrio_shared.identity.tokens import HEADER
from habrio_shared.metrics import web
from habrio_shared.metrics.series import IN_FLIGHT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

PATH: Final = "/verify"
ALLOWED: Final = "204 No Content"
DENIED: Final = "403 Forbidden"
FAILED: Final = "500 Internal Server Error"

Headers = list[tuple[str, str]]


class Door:
    """The gateway as a WSGI application: `/verify` by itself, the rest by `others`."""

    def __init__(self, verifier: Verifier, others: WSGIApplication) -> None:
        self._verifier = verifier
        self._others = others

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            return self._others(environ, start_response)
        status, headers = self.answer(environ)
        start_response(status, headers)
        return ()

    def answer(self, environ: WSGIEnvironment) -> tuple[str, Headers]:
        """Status and headers of the answer, which has no body: 204 with the internal token, or 403 that describes the
        denial; counted, and the first span of the request's trace."""
        began_at = perf_counter()
        request_id = request_ids.request_id(environ.get("HTTP_X_REQUEST_ID"))
        given = environ.get("HTTP_TRACEPARENT", "")
        with (
            IN_FLIGHT.track_inprogress(),
            telemetry.answering("GET", PATH, given, environ.get("HTTP_TRACESTATE", "")) as answered,
        ):
            headers: Headers = [("X-Request-ID", request_id), ("traceparent", telemetry.traceparent(given))]
            of_lines = request_ids.outside_flask.set(request_id)
            try:
                status, more, error = self._decided(environ, request_id)
            finally:
                request_ids.outside_flask.reset(of_lines)
            code = int(status[:3])
            answered(code)
        web.observe("GET", PATH, code, perf_counter() - began_at, error)
        return status, headers + more

    def _decided(self, environ: WSGIEnvironment, request_id: str) -> tuple[str, Headers, str | None]:
        """Status, headers, and what went wrong, for those who count."""
        asked = Asked(
            method=environ.get("HTTP_X_ORIGINAL_METHOD", ""),
            raw_path=environ.get("HTTP_X_ORIGINAL_PATH", ""),
            authorization=environ.get("HTTP_AUTHORIZATION"),
            client_address=environ.get("HTTP_X_FORWARDED_FOR", ""),
            cookie_token=environ.get("HTTP_X_COOKIE_TOKEN"),
        )
        try:
            allowed = self._verifier.decide(asked)
        except HabrioError as error:
            return DENIED, denial(error, request_id), error.word
        except Exception as error:  # the outermost edge: whatever was not foreseen is named in the log, and denied
            log.error("%s: %s", PATH, type(error).__name__, exc_info=error)
            return FAILED, denial(InternalError(), request_id), type(error).__name__
        headers: Headers = [(HEADER, allowed.internal_token)]
        if allowed.caller.user_id:
            headers.append(("X-User-Id", str(allowed.caller.user_id)))
        if allowed.audience:
            headers.append(("X-Audience", allowed.audience))
        return ALLOWED, headers, None


def denial(error: HabrioError, request_id: str) -> Headers:
    """What nginx makes the real answer of: its status and its body.

    The body is JSON in ASCII on one line, so it fits a header whatever the message says.
    """
    body: dict[str, Any] = envelope(error.status, error.word, error.message, request_id, **error.details)
    headers = {
        "Content-Length": "0",
        "X-Denial-Status": str(error.status),
        "X-Denial-Body": json.dumps(body, separators=(",", ":")),
        **error.headers,
    }
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(error.retry_after_seconds)
    return list(headers.items())
