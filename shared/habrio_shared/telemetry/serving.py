"""Spans of the requests that a Flask application answers.

By ourselves: OpenTelemetry's own instrumentation works out the URL and every attribute of it several times a request,
0.2 ms in all, and most of what it finds may not be told.
"""

from __future__ import annotations

from flask import Flask, Response, g, request
from opentelemetry import context as contexts
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

UNTRACED_PATHS = frozenset({"/health", "/ready", "/metrics", "/openapi.json"})
W3C = TraceContextTextMapPropagator()


def trace(app: Flask, tracer: Tracer, *, only: str) -> None:
    """Record each request of `app` but for probes; where `only` is given, those to that path alone."""

    @app.before_request
    def begin() -> None:
        if request.path in UNTRACED_PATHS or (only and request.path != only):
            return
        told = {"http.request.method": request.method}
        name = request.method
        if request.url_rule is not None:  # never the path itself, whatever stands in that
            told["http.route"] = request.url_rule.rule
            name = f"{request.method} {request.url_rule.rule}"
        given = W3C.extract({header: request.headers.get(header, "") for header in W3C.fields})
        g.habrio_span = tracer.start_span(name, given, SpanKind.SERVER, told)
        g.habrio_context = contexts.attach(set_span_in_context(g.habrio_span, given))

    @app.after_request
    def answered(response: Response) -> Response:
        if "habrio_span" in g:
            g.habrio_span.set_attribute("http.response.status_code", response.status_code)
            if response.status_code >= 500:
                g.habrio_span.set_status(Status(StatusCode.ERROR))
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        if "habrio_span" in g:
            contexts.detach(g.pop("habrio_context"))
            g.pop("habrio_span").end()
