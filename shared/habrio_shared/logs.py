"""Log lines: JSON for machines, one line for people under `make run`; each with service and request id."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

from flask import g, has_app_context

from habrio_shared import request_ids
from habrio_shared.settings import Settings

PHONE = re.compile(r"(?<!\d)(?:\+?91)?[6-9]\d{5}(\d{4})(?!\d)")
TOKEN = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*")


def masked(text: str) -> str:
    """`text` without phone numbers (their last four digits stay) and without JSON web tokens."""
    return TOKEN.sub("<token>", PHONE.sub(r"******\1", text))


def _request_id() -> str:
    return str(g.get("request_id", "")) if has_app_context() else request_ids.outside_flask.get()


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, service, logger, request_id, message, and the exception if there is one."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "request_id": _request_id(),
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A short line for a terminal; the supervisor puts the process's name in front."""

    def format(self, record: logging.LogRecord) -> str:
        request_id = _request_id()
        line = f"{record.levelname:<7} {masked(record.getMessage())}{f' [{request_id}]' if request_id else ''}"
        return line + ("\n" + masked(self.formatException(record.exc_info)) if record.exc_info else "")


def set_up(settings: Settings) -> None:
    """Send this process's log lines to standard error in the chosen format, replacing other handlers."""
    formatters: dict[str, Callable[[], logging.Formatter]] = {
        "json": lambda: JsonFormatter(settings.service),
        "text": TextFormatter,
    }
    handler = logging.StreamHandler()
    handler.setFormatter(formatters[settings.log_format]())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
