"""A receiver of traces: OTLP over gRPC, as a collector speaks it; keeps what it is sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as service
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass(frozen=True)
class Seen:
    """One span as it arrived, ids in hexadecimal; `parent_id` is "" at a root, `links` are (trace id, span id)."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    links: tuple[tuple[str, str], ...]


@dataclass
class Receiver:
    url: str = ""
    received: list[bytes] = field(default_factory=list)
    """Each message as it came."""
    spans: list[Seen] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, message: ExportTraceServiceRequest) -> None:
        seen = [
            Seen(
                service=next(a.value.string_value for a in part.resource.attributes if a.key == "service.name"),
                name=span.name,
                trace_id=span.trace_id.hex(),
                span_id=span.span_id.hex(),
                parent_id=span.parent_span_id.hex(),
                links=tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
            )
            for part in message.resource_spans
            for scope in part.scope_spans
            for span in scope.spans
        ]
        with self._lock:
            self.received.append(message.SerializeToString())
            self.spans += seen

    def trace(self, trace_id: str) -> list[Seen]:
        with self._lock:
            return [span for span in self.spans if span.trace_id == trace_id]


class _Servicer(service.TraceServiceServicer):
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    def Export(self, request: ExportTraceServiceRequest, _context: object) -> ExportTraceServiceResponse:
        self._receiver.take(request)
        return ExportTraceServiceResponse()


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    server = grpc.server(ThreadPoolExecutor(4))
    register = service.add_TraceServiceServicer_to_server
    register(_Servicer(receiver), server)  # type: ignore[no-untyped-call]  # generated without annotations
    receiver.url = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield receiver
    finally:
        server.stop(grace=None).wait()
