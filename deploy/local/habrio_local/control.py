"""Asking a running stack to stop, start or restart one of its parts: lines in a named pipe below its home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

VERBS = ("stop", "start", "restart")


class Control:
    """The supervisor's end. A named pipe, because a socket's path is limited to 107 bytes and a home's is not."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.unlink(missing_ok=True)
        os.mkfifo(path, 0o600)
        self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # read and write: never at its end

    def commands(self) -> Iterator[tuple[str, str]]:
        """(verb, name of the part) of each line that has come in; nothing when none has."""
        try:
            text = os.read(self._fd, 4096).decode(errors="replace")
        except BlockingIOError:
            return
        for line in text.splitlines():
            verb, _, name = line.strip().partition(" ")
            if verb in VERBS:
                yield verb, name

    def close(self) -> None:
        os.close(self._fd)
        self._path.unlink(missing_ok=True)


def send(path: Path, verb: str, name: str) -> None:
    """Ask the stack whose pipe this is. Raises OSError when nobody listens."""
    fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    try:
        os.write(fd, f"{verb} {name}\n".encode())
    finally:
        os.close(fd)
