"""Reads an .xls or .xlsx file, in a process of its own (print_workbook.py says why)."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from habrio_shared.errors import Unavailable
from habrio_vendor.bulk_uploads.errors import Unreadable
from habrio_vendor.bulk_uploads.rules import Row

PROGRAM = "habrio_vendor.bulk_uploads.print_workbook"
READ_SECONDS = 20.0
"""A file of 50,000 rows takes two."""

TOO_MUCH = "The workbook takes too much memory or time to read; save the sheet alone, or as .csv, or in parts"

AT_ONCE = 2
WAIT_SECONDS = 5.0

_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def read_workbook(ending: str, content: bytes, *, header_only: bool) -> Iterator[Iterator[Row]]:
    """The rows that hold anything, header first; Unreadable. Unavailable if two others are read for too long.

    The process has ended before the first row is given, so that its memory and ours are not needed together, and a file
    that breaks off creates nothing.
    """
    with tempfile.TemporaryFile() as printed:
        if not _places.acquire(timeout=WAIT_SECONDS):
            raise Unavailable("Other files are being read; please try again", retry_after_seconds=5)
        try:
            _print(ending, content, "header" if header_only else "all", printed)
        finally:
            _places.release()
        printed.seek(0)
        yield (_row(line) for line in printed)


def _print(ending: str, content: bytes, how_much: str, printed: IO[bytes]) -> None:
    # -I and an empty environment: it sees neither our secrets nor what a caller's shell has set.
    command = [sys.executable, "-I", "-m", PROGRAM, ending, how_much]
    try:
        subprocess.run(  # noqa: S603 — our own program; its arguments are words of ours
            command,
            env={},
            input=content,
            stdout=printed,
            stderr=subprocess.DEVNULL,
            timeout=READ_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Unreadable(TOO_MUCH) from error


def _row(line: bytes) -> Row:
    said: Any = json.loads(line)
    if isinstance(said, dict):
        raise Unreadable(str(said["refused"]))
    return int(said[0]), said[1]
