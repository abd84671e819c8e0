"""Traces: one picture of a request, through every process that worked for it (DESIGN.md §8; ADR 0020).

Only where OTEL_EXPORTER_OTLP_ENDPOINT is set is anything of OpenTelemetry imported; else ids are what `request_ids`
makes of them, and everything here does next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask, g, has_app_context

from habrio_shared import request_ids
from habrio_shared.settings import Settings
from habrio_shared.telemetry.untraced import Untraced

WORKER = "worker"


class _Process:
    """What this process does about traces."""

    tracing: Untraced = Untraced()


def set_up(app: Flask, settings: Settings, *, is_front_door: bool = False) -> None:
    """Trace `app`'s requests, and what they ask of databases, Redis, other services and workers, if anybody is to know.

    Called before `app` gets its own hooks, so that they find the request's span. A front door decides itself whom to
    trace, and traces nothing but what it says to `answering`; whoever is behind it follows. Nothing is sent before
    `start`.
    """
    if not settings.otel_exporter_otlp_endpoint:
        return
    from habrio_shared.telemetry.tracing import Tracing  # noqa: PLC0415 — who exports nothing does not pay for it

    _Process.tracing = Tracing(app, settings, is_front_door=is_front_door)


def start(part: str = "") -> None:
    """Begin to export, in this process: after gunicorn's fork, in Celery's worker (`part` is WORKER there)."""
    _Process.tracing.start(part)


def flush() -> None:
    """Send what was not sent yet, for a process that ends without Python's own end; takes a few seconds at most."""
    _Process.tracing.flush()


def traceparent(given: str | None) -> str:
    """A request's own trace context (W3C): its span; without one, `given` if well formed, else a new, unsampled one."""
    return _Process.tracing.current() or request_ids.traceparent(given)


def current() -> str | None:
    """The trace context of what this thread works for; None when that is nobody's request."""
    return _Process.tracing.current() or (g.get("traceparent") if has_app_context() else None)


def current_ids() -> tuple[str, str]:
    """Trace id and span id of `current`, in hexadecimal, or ("", "")."""
    _version, trace_id, span_id, _flags = (current() or "---").split("-")
    return trace_id, span_id


def answering(
    method: str, route: str, traceparent: str, tracestate: str
) -> AbstractContextManager[Callable[[int], None]]:
    """The span of a request that is answered without Flask; whoever answers calls what it gives with the status."""
    return _Process.tracing.answering(method, route, traceparent, tracestate)


def continued(traceparent: str | None) -> AbstractContextManager[object]:
    """What happens inside belongs to the request that had this trace context, in whatever thread or process it was."""
    return _Process.tracing.continued(traceparent or "")


def replayed(kind: str, traceparent: str) -> AbstractContextManager[object]:
    """The same for an outbox row that the relay delivers: one span more, with a link to where the row was written."""
    return _Process.tracing.replayed(kind, traceparent)


def query(system: str, statement: str) -> AbstractContextManager[object]:
    """A database query that does not go through SQLAlchemy. `statement` holds placeholders and no values."""
    return _Process.tracing.query(system, statement)
