"""Bytes to nginx as they are, and everything that comes back."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass

from tests.integration.gateway.front_door import Answer

HANG_SECONDS = 25.0
"""Longer than nginx waits for a client (10 s) and then for a service that waits for the rest of a body."""
QUIET_SECONDS = 0.3
CLOSED = 0
"""In place of a status: the connection was closed without an answer."""
BARE = 9
"""In place of a status: an answer of HTTP/0.9, a body and nothing else."""


@dataclass(frozen=True)
class Talk:
    """What came back: the answers, in order, and whether the connection was closed by the platform."""

    answers: tuple[Answer, ...]
    rest: bytes
    closed: bool
    seconds: float

    @property
    def status(self) -> int:
        """Of the first answer."""
        if self.answers:
            return self.answers[0].status
        return BARE if self.rest else CLOSED


def talk(port: int, pieces: Iterable[bytes], *, pause_seconds: float = 0, ends: bool = False) -> Talk:
    """Send the pieces, then (if it `ends`) that nothing more will come; read until the platform closes or is quiet.

    Quiet is a while without a byte after a whole answer. A platform that does not answer for HANG_SECONDS hangs:
    TimeoutError.
    """
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=HANG_SECONDS) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(ConnectionError):  # the answer may come, and the end, before all is sent
            for piece in pieces:
                wire.sendall(piece)
                if pause_seconds:
                    time.sleep(pause_seconds)
            if ends:
                wire.shutdown(socket.SHUT_WR)
        received, closed = _all(wire)
    answers, rest = _parted(received)
    return Talk(tuple(answers), rest, closed, time.monotonic() - began)


def _all(wire: socket.socket) -> tuple[bytes, bool]:
    received = b""
    while True:
        wire.settimeout(QUIET_SECONDS if _is_answered(received) else HANG_SECONDS)
        try:
            part = wire.recv(65536)
        except ConnectionResetError:
            return received, True
        except TimeoutError:
            if _is_answered(received):
                return received, False
            raise
        if not part:
            return received, True
        received += part


def _is_answered(received: bytes) -> bool:
    """Whether whole answers came and nothing else; that one is to go on is no answer."""
    answers, rest = _parted(received)
    return bool(answers) and not rest


def _parted(received: bytes) -> tuple[list[Answer], bytes]:
    """Whole answers, and what is left."""
    answers: list[Answer] = []
    while received.startswith(b"HTTP/1.1 "):
        head, separator, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        answer = Answer(int(first.split(" ")[1]), headers, b"")
        if answer.status == 100:  # go on, and no answer yet
            received = body
            continue
        size = int((answer.values("Content-Length") or ["0"])[0])
        if not separator or len(body) < size:
            break
        if answer.values("Transfer-Encoding"):  # ours are never that long unless gzip was asked for
            raise AssertionError(f"chunks were not expected: {received[:300]!r}")
        answer.body, received = body[:size], body[size:]
        answers.append(answer)
    return answers, received
