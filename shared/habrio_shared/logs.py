"""Log lines: JSON for machines, one line for people under `make run`; each with service and request id, and masked."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType

from flask import g, has_app_context

from habrio_shared import request_ids, telemetry
from habrio_shared.masking import masked
from habrio_shared.settings import Settings

log = logging.getLogger(__name__)

WITH_HANDLERS_OF_THEIR_OWN = ("gunicorn.error", "gunicorn.access", "celery", "celery.task", "flask.app", "py.warnings")


def _request_id() -> str:
    return str(g.get("request_id", "")) if has_app_context() else request_ids.outside_flask.get()


def _user_id() -> int | None:
    caller = g.get("caller") if has_app_context() else None
    return (caller.user_id or None) if caller is not None else None


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, service, logger, request_id, trace_id, span_id, user_id (null: nobody is
    signed in, or no person asks), message, and the exception if there is one.
    """

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        trace_id, span_id = telemetry.current_ids()
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "request_id": _request_id(),
            "trace_id": trace_id,
            "span_id": span_id,
            "user_id": _user_id(),
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = masked(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = masked(record.stack_info)
        return json.dumps(line, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A short line for a terminal; the supervisor puts the process's name in front."""

    def format(self, record: logging.LogRecord) -> str:
        request_id = _request_id()
        line = f"{record.levelname:<7} {masked(record.getMessage())}{f' [{request_id}]' if request_id else ''}"
        return line + ("\n" + masked(self.formatException(record.exc_info)) if record.exc_info else "")


def set_up(settings: Settings) -> None:
    """Send all that this process says to standard error in the chosen format, and nothing past it.

    Other handlers are replaced, those of gunicorn and Celery too; warnings, and exceptions that nobody catches, are
    lines as well.
    """
    formatters: dict[str, Callable[[], logging.Formatter]] = {
        "json": lambda: JsonFormatter(settings.service),
        "text": TextFormatter,
    }
    handler = logging.StreamHandler()
    handler.setFormatter(formatters[settings.log_format]())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in WITH_HANDLERS_OF_THEIR_OWN:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # It warns of each connection that it tries again, with the whole address: what was asked for is people's.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _uncaught
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = _uncaught_in_thread


def _uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
        return
    log.critical("nobody caught %s", kind.__name__, exc_info=(kind, error, traceback))


def _uncaught_in_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None and not issubclass(given.exc_type, SystemExit):
        name = given.thread.name if given.thread else "a thread"
        log.critical("%s ended by %s", name, given.exc_type.__name__, exc_info=given.exc_value)
