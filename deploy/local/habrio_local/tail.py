"""`make logs`: the last lines of every log file, then whatever comes, each behind its process's name."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import BinaryIO

from habrio_local.console import Console
from habrio_local.logfile import last_lines

LINES_BEFORE = 20
PAUSE_SECONDS = 0.25


def follow(folder: Path, console: Console, *, forever: bool) -> None:
    """Print to the console until interrupted; once over when `forever` is False. Follows new and renamed files."""
    readers: dict[Path, BinaryIO] = {}
    for path in sorted(folder.glob("*.log")):
        for line in last_lines(path, LINES_BEFORE):
            console.line(path.stem, line)
        readers[path] = path.open("rb")
        readers[path].seek(0, 2)
    while forever:
        for path in sorted(folder.glob("*.log")):
            reader = readers.get(path)
            if reader is None or _was_replaced(path, reader):
                reader = readers[path] = path.open("rb")
            for raw in reader.read().splitlines():
                console.line(path.stem, raw.decode(errors="replace"))
        time.sleep(PAUSE_SECONDS)


def _was_replaced(path: Path, reader: BinaryIO) -> bool:
    """True when the file began anew under this name, and what was left of the old one has been read."""
    try:
        now = path.stat()
    except FileNotFoundError:
        return False
    position = reader.tell()
    return now.st_size < position or os.fstat(reader.fileno()).st_ino != now.st_ino
