"""`/metrics` of an application, and what is counted of each of its requests.

The exporter's own default series have other labels than ours (no route in its count, nothing in flight), so it gives
the endpoint alone: the text format, `name[]`, and the sum over gunicorn's workers.
"""

from __future__ import annotations

from time import perf_counter

from flask import Flask, Response, request
from prometheus_flask_exporter import PrometheusMetrics

from habrio_shared.metrics import processes
from habrio_shared.metrics.series import ERRORS, IN_FLIGHT, REQUEST_SECONDS, REQUESTS

PATH = "/metrics"
UNMATCHED = "unmatched"
"""The route of every path that is none of ours: whoever tries a million paths makes one series."""

BEGAN_AT = "habrio.began_at"
ERROR = "habrio.error"
"""In the environ, which is the request's alone; `g` is shared by what runs in one context of the application."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def set_up(app: Flask) -> None:
    """Give `app` its `/metrics`. Called before whatever else looks at requests, so that all of them are counted."""
    PrometheusMetrics(app, path=PATH, export_defaults=False, metrics_decorator=processes.seen_whole)
    app.before_request(_begin)
    app.after_request(_count)
    app.teardown_request(_end)


def note_error(error: str) -> None:
    """This request is answered with an error: the machine word of its envelope, or the name of an exception."""
    request.environ[ERROR] = error


def observe(method: str, route: str, status: int, seconds: float, error: str | None) -> None:
    """Count a request that was answered; of Flask's requests, this happens by itself."""
    labels = (method, route, str(status))
    REQUEST_SECONDS.labels(*labels).observe(seconds)
    REQUESTS.labels(*labels).inc()
    if error is not None:
        ERRORS.labels(route, error).inc()


def _begin() -> None:
    request.environ[BEGAN_AT] = perf_counter()
    IN_FLIGHT.inc()


def _count(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule is not None else UNMATCHED
    method = request.method if request.method in METHODS else "other"
    seconds = perf_counter() - request.environ[BEGAN_AT]
    observe(method, route, response.status_code, seconds, request.environ.get(ERROR))
    return response


def _end(_error: BaseException | None) -> None:
    # It also runs for a request that never began: one that was cut off while its context was made.
    if BEGAN_AT in request.environ:
        IN_FLIGHT.dec()
