"""What a process does about traces that somebody wants to have. It imports OpenTelemetry, so it is imported late."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from celery.signals import after_task_publish, before_task_publish
from flask import Flask
from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.redis import RedisInstrumentor
from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
from opentelemetry.propagate import inject, set_global_textmap
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind

from habrio_shared.settings import Settings
from habrio_shared.telemetry import exporting, queries, serving
from habrio_shared.telemetry.sampling import sampler_of
from habrio_shared.telemetry.serving import W3C
from habrio_shared.telemetry.untraced import Untraced


class Tracing(Untraced):
    """See the functions of `telemetry`, which lead here. One a process: OpenTelemetry instruments whole libraries."""

    def __init__(self, app: Flask, settings: Settings, *, is_front_door: bool) -> None:
        self._settings = settings
        self._is_front_door = is_front_door
        self._provider: TracerProvider | None = None
        self._tracer = trace.get_tracer("habrio")
        # The stable names of attributes, which the list of what may be told is written in.
        os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http,database")
        exporting.quieten()
        set_global_textmap(W3C)
        if not is_front_door:
            serving.trace(app, self._tracer)
        if "sqlalchemy" in app.extensions:
            with app.app_context():
                queries.trace(app.extensions["sqlalchemy"].engine, self._tracer)
        if not URLLib3Instrumentor().is_instrumented_by_opentelemetry:
            URLLib3Instrumentor().instrument()
            RedisInstrumentor().instrument()
            self._instrument_celery()

    def _instrument_celery(self) -> None:
        instrumentor = CeleryInstrumentor()  # type: ignore[no-untyped-call]  # it has no annotations
        instrumentor.instrument()
        # Its span of a sending ends with the task's arrival. While the broker is away that is never, and all that this
        # thread does from then on would stand below it.
        before_task_publish.disconnect(instrumentor._trace_before_publish)
        after_task_publish.disconnect(instrumentor._trace_after_publish)
        before_task_publish.connect(self._send_along, weak=False)

    def _send_along(self, sender: str, headers: dict[str, Any], **_kwargs: Any) -> None:
        with self._tracer.start_as_current_span(f"apply_async/{sender}", kind=SpanKind.PRODUCER):
            inject(headers)

    def start(self, part: str) -> None:
        if self._provider is not None:
            return
        name = "-".join(filter(None, ("habrio", self._settings.service, part)))
        self._provider = TracerProvider(
            sampler_of(self._settings, is_front_door=self._is_front_door),
            Resource.create({"service.name": name, "deployment.environment.name": self._settings.app_env}),
        )
        exporter = exporting.Exporter(self._settings.otel_exporter_otlp_endpoint)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        trace.set_tracer_provider(self._provider)

    def flush(self) -> None:
        if self._provider is not None:
            self._provider.force_flush()

    def current(self) -> str | None:
        carrier: dict[str, str] = {}
        W3C.inject(carrier)
        return carrier.get("traceparent")

    def answering(
        self, method: str, route: str, traceparent: str, tracestate: str
    ) -> AbstractContextManager[Callable[[int], None]]:
        return serving.answering(self._tracer, method, route, {"traceparent": traceparent, "tracestate": tracestate})

    @contextmanager
    def continued(self, traceparent: str) -> Iterator[None]:
        token = contexts.attach(W3C.extract({"traceparent": traceparent}))
        try:
            yield
        finally:
            contexts.detach(token)

    @contextmanager
    def replayed(self, kind: str, traceparent: str) -> Iterator[None]:
        written = W3C.extract({"traceparent": traceparent})
        where = trace.get_current_span(written).get_span_context()
        links = [Link(where)] if where.is_valid else []
        with self._tracer.start_as_current_span(f"replay/{kind}", written, SpanKind.CONSUMER, links=links):
            yield

    def query(self, system: str, statement: str) -> AbstractContextManager[object]:
        span = queries.begin(self._tracer, system, statement)
        return nullcontext() if span is None else trace.use_span(span, end_on_exit=True, record_exception=False)
