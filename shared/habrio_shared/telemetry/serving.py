"""Spans of the requests that are answered here, by a Flask application or without it.

By ourselves: OpenTelemetry's own instrumentation works out the URL and every attribute of it several times a request,
0.2 ms in all, and most of what it finds may not be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from flask import Flask, Response, g, request
from opentelemetry import context as contexts
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

UNTRACED_PATHS = frozenset({"/health", "/ready", "/metrics", "/openapi.json"})
W3C = TraceContextTextMapPropagator()


def trace(app: Flask, tracer: Tracer) -> None:
    """Record each request of `app` but for probes."""

    @app.before_request
    def begin() -> None:
        if request.path in UNTRACED_PATHS:
            return
        # Never the path itself, whatever stands in that.
        route = request.url_rule.rule if request.url_rule is not None else ""
        given = W3C.extract({header: request.headers.get(header, "") for header in W3C.fields})
        g.habrio_span = _begun(tracer, request.method, route, given)
        g.habrio_context = contexts.attach(set_span_in_context(g.habrio_span, given))

    @app.after_request
    def answered(response: Response) -> Response:
        if "habrio_span" in g:
            _say(g.habrio_span, response.status_code)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        if "habrio_span" in g:
            contexts.detach(g.pop("habrio_context"))
            g.pop("habrio_span").end()


@contextmanager
def answering(tracer: Tracer, method: str, route: str, ids: Mapping[str, str]) -> Iterator[Callable[[int], None]]:
    """The same for one request without Flask, whose trace headers are `ids`."""
    given = W3C.extract(ids)
    span = _begun(tracer, method, route, given)
    token = contexts.attach(set_span_in_context(span, given))
    try:
        yield partial(_say, span)
    finally:
        contexts.detach(token)
        span.end()


def _begun(tracer: Tracer, method: str, route: str, given: Context) -> Span:
    told = {"http.request.method": method} | ({"http.route": route} if route else {})
    return tracer.start_span(f"{method} {route}".rstrip(), given, SpanKind.SERVER, told)


def _say(span: Span, status: int) -> None:
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_status(Status(StatusCode.ERROR))
