"""A provider of messages: a local HTTP server that takes what is posted to it and answers as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.serving import QuietHandler, serving


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Provider:
    """`statuses` are the answers to come, the last one for ever; 0 stands for hanging up without one."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [200])
    received: list[Received] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Host and port."""
        return self.url.removeprefix("http://")

    def next_status(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()

    class Handler(QuietHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            provider.received.append(Received(self.path, dict(self.headers), body))
            status = provider.next_status()
            if not status:
                self.close_connection = True
                return
            answer = b'{"messages": [{"id": "1"}]}'
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    with serving(Handler) as url:
        provider.url = url
        yield provider
