"""Sending spans away: nothing that is nobody's business, from any process, and quietly when nobody takes them."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

TRY_SECONDS = 2.0
REST_SECONDS = 10.0
"""So long nothing is tried after a failure, and what is recorded is dropped: it could only wait in memory."""

QUIET_SECONDS = 60.0

TOLD = frozenset(
    {
        *("http.request.method", "http.route", "http.response.status_code", "server.address", "server.port"),
        *("db.system.name", "db.system", "db.query.text", "messaging.message.id", "error.type"),
        *("celery.task_name", "celery.queue", "celery.retries", "celery.state"),
    }
)
"""The attributes that leave the house. What instrumentations find out beyond these (paths and queries with phone
numbers, addresses, texts of errors with the values of a row) is not sent."""


def discreet(span: ReadableSpan) -> ReadableSpan:
    """`span` without what is not in TOLD, and without what an error said: that there was one is enough."""
    attributes = span.attributes or {}
    return ReadableSpan(
        name=span.name,
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes={name: value for name, value in attributes.items() if name in TOLD},
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


class Exporter(SpanExporter):
    """OTLP over gRPC to `endpoint`. A process that was forked makes a channel of its own; channels survive no fork."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._pid = 0
        self._channel: SpanExporter | None = None
        self._rests_until = 0.0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if time.monotonic() < self._rests_until:
            return SpanExportResult.FAILURE
        result = self._own_channel().export([discreet(span) for span in spans])
        if result is not SpanExportResult.SUCCESS:
            self._rests_until = time.monotonic() + REST_SECONDS
        return result

    def shutdown(self) -> None:
        if self._channel is not None and self._pid == os.getpid():
            self._channel.shutdown()

    def _own_channel(self) -> SpanExporter:
        if self._channel is None or self._pid != os.getpid():
            self._pid = os.getpid()
            self._channel = OTLPSpanExporter(endpoint=self._endpoint, timeout=TRY_SECONDS)
        return self._channel


class SeldomHandler(logging.Handler):
    """Passes one record a minute on to the root logger and forgets the others."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._silent_until = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        now = time.monotonic()
        if now >= self._silent_until:
            self._silent_until = now + QUIET_SECONDS
            logging.getLogger().handle(record)


def quieten() -> None:
    """Whatever OpenTelemetry has to say, most of it about a receiver that is away, it says once a minute."""
    log = logging.getLogger("opentelemetry")
    log.handlers[:] = [SeldomHandler()]
    log.propagate = False
