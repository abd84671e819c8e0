"""Log files of bounded size: one a process, and one older generation of it."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

SIZE_MAX_BYTES = 5 * 1024 * 1024
TAIL_BYTES = 64 * 1024


class LogFile:
    """Appends to `path`; past the bound the file becomes `<name>.1` and a new one begins."""

    def __init__(self, path: Path, size_max_bytes: int = SIZE_MAX_BYTES) -> None:
        self._path = path
        self._size_max_bytes = size_max_bytes
        self._file: BinaryIO = path.open("ab")
        self._size = path.stat().st_size

    def write(self, data: bytes) -> None:
        if self._size + len(data) > self._size_max_bytes:
            self._file.close()
            self._path.replace(self._path.with_name(f"{self._path.name}.1"))
            self._file = self._path.open("ab")
            self._size = 0
        self._file.write(data)
        self._file.flush()
        self._size += len(data)

    def close(self) -> None:
        self._file.close()


class LogStream:
    """A log file as a console's stream."""

    def __init__(self, log: LogFile) -> None:
        self._log = log

    def write(self, text: str) -> int:
        self._log.write(text.encode())
        return len(text)

    def flush(self) -> None:
        pass  # each write is flushed already

    def isatty(self) -> bool:
        return False


def last_lines(path: Path, count: int) -> list[str]:
    """The last `count` lines of a log file (at most the last 64 KiB of it); [] when there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return file.read().decode(errors="replace").splitlines()[-count:]
    except FileNotFoundError:
        return []
