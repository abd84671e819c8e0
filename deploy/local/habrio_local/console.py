"""What a person sees at the terminal: our own sentences, and of the processes' output the lines that matter."""

from __future__ import annotations

import json
import os
import re
import sys
import zlib
from typing import Any, Protocol

_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
_YELLOW, _RED = 33, 31
_NAME_WIDTH = 15
_LEVELS = re.compile(r"\b(WARNING|WARN|ERROR|CRITICAL|FATAL|PANIC)\b|\[(warn|error|crit|alert|emerg)\]")
_PROBES = ("/health", "/ready")
_BEGINS_TRACEBACK = "Traceback (most recent call last)"


class Stream(Protocol):
    """What a console needs of a stream."""

    def write(self, text: str, /) -> int: ...
    def flush(self) -> None: ...
    def isatty(self) -> bool: ...


class Console:
    """Writes to `stream`, in colour on a terminal unless NO_COLOR is set; a stream that is gone is no error."""

    def __init__(self, stream: Stream | None = None, *, shows_requests: bool = False) -> None:
        self._stream: Stream = stream or sys.stdout
        self.colours = self._stream.isatty() and not os.environ.get("NO_COLOR")
        self._shows_requests = shows_requests
        self._in_traceback: set[str] = set()

    def say(self, text: str = "") -> None:
        self._write(f"{text}\n")

    def warn(self, text: str) -> None:
        self._write(f"{self.paint(text, _YELLOW)}\n")

    def problem(self, text: str) -> None:
        self._write(f"{self.paint(text, _RED)}\n")

    def paint(self, text: str, colour: int) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.colours else text

    def line(self, name: str, line: str) -> None:
        """One line of a process, behind its name."""
        prefix = self.paint(f"{name:<{_NAME_WIDTH}} |", _COLOURS[zlib.crc32(name.encode()) % len(_COLOURS)])
        self._write(f"{prefix} {_LEVELS.sub(self._paint_level, line, count=1)}\n")

    def line_if_it_matters(self, name: str, line: str, noise: tuple[str, ...] = ()) -> None:
        """Warnings, errors and tracebacks; everything else is in the log files."""
        if access := access_line(line):
            if self._shows_requests:
                self.line(name, access)
        elif self._matters(name, line) and not any(word in line for word in noise):
            self.line(name, line)

    def _matters(self, name: str, line: str) -> bool:
        if _BEGINS_TRACEBACK in line:
            self._in_traceback.add(name)
            return True
        if name in self._in_traceback:
            if not line.startswith((" ", "\t")):
                self._in_traceback.discard(name)  # this one names the error
            return True
        return level_matters(line)

    def _paint_level(self, found: re.Match[str]) -> str:
        word = found[0].strip("[]").upper()
        return self.paint(found[0], _YELLOW if word.startswith("WARN") else _RED)

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (BrokenPipeError, OSError, ValueError):
            pass  # nobody looks any more; the log files go on


def level_matters(line: str) -> bool:
    """True for a line of level WARNING or above, as text or as a JSON object with `level`."""
    if (parsed := _parsed(line)) is not None:
        return str(parsed.get("level", "")).upper() in ("WARNING", "WARN", "ERROR", "CRITICAL", "FATAL")
    return _LEVELS.search(line) is not None


def access_line(line: str) -> str:
    """An access line of nginx (see gateway/nginx) in short; "" for any other line, and for probes."""
    entry = _parsed(line)
    if entry is None or not {"method", "path", "status", "seconds"} <= entry.keys() or entry["path"] in _PROBES:
        return ""
    return f"{entry['method']} {entry['path']} {entry['status']} in {entry['seconds']} s"


def _parsed(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        parsed = json.loads(line)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None
