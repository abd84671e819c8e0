"""Many connections at once from one thread, each asking again as soon as it is answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle

CLIENT_SECONDS = 60
PAUSE_SECONDS = 0.8
ANSWERED = 20
"""So many answers of each kind are looked at whole."""


@dataclass(frozen=True)
class Ask:
    """One request as bytes."""

    raw: bytes

    @classmethod
    def of(cls, method: str, path: str, token: str, body: object = None) -> Ask:
        content = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} /api/v1{path} HTTP/1.1\r\nHost: habrio.example\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        return cls(head.encode() + content)


@dataclass
class Seen:
    """What came back: how often each status, how long what was granted took, some refusals whole, and cut calls."""

    statuses: Counter[int] = field(default_factory=Counter)
    granted_seconds: list[float] = field(default_factory=list)
    refusals: list[tuple[dict[str, str], dict[str, object]]] = field(default_factory=list)
    cut: Counter[str] = field(default_factory=Counter)

    def percentile(self, share: float) -> float:
        """Of the seconds that granted requests took."""
        return sorted(self.granted_seconds)[int(share * (len(self.granted_seconds) - 1))]


def drive(port: int, asks: Sequence[Ask], *, connections: int, seconds: float) -> Seen:
    """So many connections ask in turn, for so long; whoever is refused asks again, a little sooner than he was told."""
    return asyncio.run(_drive(port, asks, connections, seconds))


async def _drive(port: int, asks: Sequence[Ask], connections: int, seconds: float) -> Seen:
    seen, turns = Seen(), cycle(asks)
    until = time.monotonic() + seconds

    async def client() -> None:
        while time.monotonic() < until:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                while time.monotonic() < until:
                    async with asyncio.timeout(CLIENT_SECONDS):
                        await _ask(reader, writer, next(turns), seen)
                writer.close()
            except (OSError, EOFError, TimeoutError) as error:
                seen.cut[type(error).__name__] += 1

    await asyncio.gather(*(client() for _ in range(connections)))
    return seen


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ask: Ask, seen: Seen) -> None:
    began = time.monotonic()
    writer.write(ask.raw)
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ")[1])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers["content-length"]))
    seen.statuses[status] += 1
    if status == 200:
        seen.granted_seconds.append(time.monotonic() - began)
        return
    if seen.statuses[status] <= ANSWERED:
        seen.refusals.append((headers, json.loads(body)))
    await asyncio.sleep(PAUSE_SECONDS)  # or this process would take from the platform what it needs to answer
