"""How long the database takes, by what is asked of it."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from sqlalchemy import Engine, ExceptionContext, event

from habrio_shared.metrics.series import QUERY_SECONDS

OTHER = "other"
OPERATIONS = ("select", "insert", "update", "delete")
LENGTH = 6
"""Of each of them."""

_SECONDS = {operation: QUERY_SECONDS.labels(operation) for operation in (*OPERATIONS, OTHER)}
_BEGAN = "_habrio_began_at"


def operation_of(statement: str) -> str:
    """`select`, `insert`, `update`, `delete`, or `other` for whatever begins in another way (WITH, SET, a function)."""
    word = statement.lstrip()[:LENGTH].lower()
    return word if word in OPERATIONS else OTHER


def watch(engine: Engine) -> None:
    """Observe each statement that goes through `engine`, until its rows can be read."""

    @event.listens_for(engine, "before_cursor_execute")
    def begin(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
        setattr(context, _BEGAN, perf_counter())

    @event.listens_for(engine, "after_cursor_execute")
    def end(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        _observe(statement, context)

    @event.listens_for(engine, "handle_error")
    def failed(error: ExceptionContext) -> None:
        if error.statement is not None and hasattr(error.execution_context, _BEGAN):
            _observe(error.statement, error.execution_context)


def _observe(statement: str, context: Any) -> None:
    _SECONDS[operation_of(statement)].observe(perf_counter() - getattr(context, _BEGAN))
