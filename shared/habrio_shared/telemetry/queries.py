"""Spans of SQLAlchemy's queries.

By ourselves, for OpenTelemetry's own instrumentation is made for SQLAlchemy before 2.1, and records each taking of a
connection from the pool too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, get_current_span
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?([\w.]+)')
_SPAN = "_habrio_span"


@lru_cache(maxsize=1024)
def name_of(statement: str) -> str:
    """ "SELECT orders": what is done, and to which table first, as far as that can be seen."""
    verb = statement.split(maxsplit=1)[0].upper() if statement.strip() else "SQL"
    table = TABLE.search(statement)
    return f"{verb} {table[1]}" if table else verb


def begin(tracer: Tracer, system: str, statement: str) -> Span | None:
    """The span of a query; None when nobody is traced. SQLAlchemy always binds values: the text holds none."""
    if not get_current_span().is_recording():
        return None
    told = {"db.system.name": system, "db.query.text": statement}
    return tracer.start_span(name_of(statement), kind=SpanKind.CLIENT, attributes=told)


def trace(engine: Engine, tracer: Tracer) -> None:
    """Record each statement that `engine` sends for somebody who is traced."""
    system = engine.dialect.name

    @event.listens_for(engine, "before_cursor_execute")
    def before(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        setattr(context, _SPAN, begin(tracer, system, statement))

    @event.listens_for(engine, "after_cursor_execute")
    def after(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
        if span := getattr(context, _SPAN, None):
            span.end()

    @event.listens_for(engine, "handle_error")
    def failed(error: ExceptionContext) -> None:
        if span := getattr(error.execution_context, _SPAN, None):
            span.set_status(Status(StatusCode.ERROR))
            span.end()
