"""Traces: what is recorded, what of it leaves, what happens when nobody takes it, or nobody wants it."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys

import pytest
from flask import Flask, g
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
    use_span,
)
from pydantic import ValidationError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from habrio_shared import telemetry
from habrio_shared.settings import Settings
from habrio_shared.telemetry import exporting, queries, serving
from habrio_shared.telemetry.sampling import sampler_of

TRACE_ID, SPAN_ID = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"

A_SERVICE_WITHOUT_ENDPOINT = """
import sys
from pathlib import Path
from flask_sqlalchemy import SQLAlchemy
from habrio_shared import gunicorn_conf, telemetry
from habrio_shared.celery_app import make_celery
from habrio_shared.service_app import create_service
from habrio_shared.settings import ServiceSettings

settings = ServiceSettings(database_url="sqlite://", internal_secret="0f" * 32)
app = create_service(settings, title="", version="", folder=Path(), db=SQLAlchemy(), blueprints=[])
make_celery(app, task_modules=[])
telemetry.start()
assert app.test_client().get("/health").headers["traceparent"].endswith("-00")
# redis-py looks for OpenTelemetry's metrics by itself.
dear = ("opentelemetry.sdk.trace", "opentelemetry.instrumentation", "opentelemetry.exporter", "grpc", "google")
print([name for name in sys.modules if name.startswith(dear)])
"""


def test_without_an_endpoint_nothing_of_it_is_imported_by_us() -> None:
    environ = {"PYTHONPATH": ":".join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", A_SERVICE_WITHOUT_ENDPOINT], env=environ, capture_output=True, text=True, check=True
    )
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_the_current_ids_are_the_requests_or_none() -> None:
    assert telemetry.current_ids() == ("", "")
    with Flask("shop").app_context():
        assert telemetry.current_ids() == ("", "")
        g.traceparent = f"00-{TRACE_ID}-{SPAN_ID}-01"
        assert telemetry.current_ids() == (TRACE_ID, SPAN_ID)


def test_an_endpoint_says_how_it_is_spoken_to() -> None:
    with pytest.raises(ValidationError, match="does not begin with http"):
        Settings(otel_exporter_otlp_endpoint="localhost:4317")


def is_sampled(settings: Settings, *, is_front_door: bool, flag: bool | None, kind: SpanKind = SpanKind.SERVER) -> bool:
    """Whether a span is recorded below a remote parent with this flag, or below none."""
    parent = SpanContext(int(TRACE_ID, 16), int(SPAN_ID, 16), True, TraceFlags(bool(flag)))
    context = None if flag is None else set_span_in_context(NonRecordingSpan(parent))
    sampler = sampler_of(settings, is_front_door=is_front_door)
    return sampler.should_sample(context, int(TRACE_ID, 16), "GET /", kind).decision is Decision.RECORD_AND_SAMPLE


def test_no_client_decides_whether_it_is_traced() -> None:
    on, off = Settings(), Settings(otel_traces_sampler="parentbased_traceidratio", otel_traces_sampler_arg=0)
    for flag in (True, False, None):
        assert is_sampled(on, is_front_door=True, flag=flag)
        assert not is_sampled(off, is_front_door=True, flag=flag)


def test_behind_the_door_everybody_follows_it() -> None:
    for settings in (Settings(), Settings(otel_traces_sampler="parentbased_always_off")):
        assert is_sampled(settings, is_front_door=False, flag=True)
        assert not is_sampled(settings, is_front_door=False, flag=False)


def test_a_look_for_work_is_no_trace() -> None:
    always = Settings(otel_traces_sampler="always_on")
    assert not is_sampled(always, is_front_door=False, flag=None, kind=SpanKind.CLIENT)
    assert is_sampled(always, is_front_door=False, flag=True, kind=SpanKind.CLIENT)


@pytest.fixture
def recorded() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracer(recorded: InMemorySpanExporter) -> Tracer:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(recorded))
    return provider.get_tracer("tests")


def test_nothing_leaves_but_what_is_on_the_list(tracer: Tracer, recorded: InMemorySpanExporter) -> None:
    with tracer.start_as_current_span(
        "GET", attributes={"url.full": "/otp/9800000001", "http.route": "/otp/<phone>"}
    ) as span:
        span.record_exception(ValueError("9800000001"))
        span.set_status(Status(StatusCode.ERROR, "9800000001"))
    told = exporting.discreet(recorded.get_finished_spans()[0])
    assert "9800000001" not in told.to_json()
    assert (dict(told.attributes or {}), told.status.status_code) == ({"http.route": "/otp/<phone>"}, StatusCode.ERROR)
    assert told.get_span_context() == span.get_span_context()


def test_a_request_is_a_span_named_after_its_route_and_a_probe_is_none(
    tracer: Tracer, recorded: InMemorySpanExporter
) -> None:
    app = Flask("shop")
    serving.trace(app, tracer)
    app.add_url_rule("/otp/<phone>", "otp", lambda **_ids: ("", 500))
    app.add_url_rule("/health", "health", lambda: "")
    client = app.test_client()
    client.get("/health")
    client.get("/otp/9800000001", headers={"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01"})
    client.get("/nowhere/9800000001")
    known, unknown = recorded.get_finished_spans()
    assert (known.name, unknown.name) == ("GET /otp/<phone>", "GET")
    assert (known.status.status_code, unknown.status.status_code) == (StatusCode.ERROR, StatusCode.UNSET)
    assert known.parent is not None
    assert f"{known.parent.trace_id:032x}-{known.parent.span_id:016x}" == f"{TRACE_ID}-{SPAN_ID}"
    assert unknown.parent is None


def test_a_request_that_is_answered_without_flask_is_such_a_span_too(
    tracer: Tracer, recorded: InMemorySpanExporter
) -> None:
    ids = {"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01", "tracestate": ""}
    with serving.answering(tracer, "GET", "/verify", ids) as answered:
        answered(500)
    (span,) = recorded.get_finished_spans()
    assert (span.name, span.status.status_code) == ("GET /verify", StatusCode.ERROR)
    assert dict(span.attributes or {})["http.response.status_code"] == 500
    assert span.parent is not None
    assert f"{span.parent.trace_id:032x}-{span.parent.span_id:016x}" == f"{TRACE_ID}-{SPAN_ID}"


def test_queries_are_recorded_for_who_is_traced_with_their_text_and_no_value(
    tracer: Tracer, recorded: InMemorySpanExporter
) -> None:
    engine = create_engine("sqlite://")
    queries.trace(engine, tracer)
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE phones (number TEXT)"))
        assert not recorded.get_finished_spans()
        with use_span(tracer.start_span("request")):
            connection.execute(text("INSERT INTO phones VALUES (:number)"), {"number": "9800000001"})
            with pytest.raises(SQLAlchemyError):
                connection.execute(text("SELECT nothing FROM phones"))
    insert, select = recorded.get_finished_spans()
    assert (insert.name, select.name) == ("INSERT phones", "SELECT phones")
    assert (insert.status.status_code, select.status.status_code) == (StatusCode.UNSET, StatusCode.ERROR)
    assert dict(insert.attributes or {}) == {
        "db.system.name": "sqlite",
        "db.query.text": "INSERT INTO phones VALUES (?)",
    }


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ('SELECT a FROM "orders" WHERE b', "SELECT orders"),
        ("update carts SET a = 1", "UPDATE"),
        ("UPDATE carts SET a = 1", "UPDATE carts"),
        ("DELETE FROM auth.codes", "DELETE auth.codes"),
        ("SELECT 1", "SELECT"),
        (" ", "SQL"),
    ],
)
def test_a_query_is_named_for_what_it_does_to_which_table(statement: str, name: str) -> None:
    assert queries.name_of(statement) == name


def test_a_receiver_that_is_away_is_one_line_and_is_left_alone(
    tracer: Tracer, recorded: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and listens to nobody
        exporter = exporting.Exporter(f"http://127.0.0.1:{taken.getsockname()[1]}")
        exporting.quieten()
        tracer.start_span("GET").end()
        spans = recorded.get_finished_spans()
        assert exporter.export(spans) is SpanExportResult.FAILURE
        assert len(caplog.records) == 1
        tries: list[tuple[ReadableSpan, ...]] = []
        monkeypatch.setattr(exporter._channel, "export", tries.append)
        assert exporter.export(spans) is SpanExportResult.FAILURE
        assert not tries
        exporter.shutdown()


def test_after_a_minute_the_next_line_passes(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    exporting.quieten()
    now = 1000.0
    monkeypatch.setattr("habrio_shared.telemetry.exporting.time.monotonic", lambda: now)
    log = logging.getLogger("opentelemetry.sdk.trace")
    for second in (0, 1, 59, 60, 61):
        now = 1000.0 + second
        log.warning("after %s s", second)
    assert caplog.messages == ["after 0 s", "after 60 s"]
