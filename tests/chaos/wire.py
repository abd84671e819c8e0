"""The wire between two services, as a man in the middle who can lose what goes over it.

A lost reply makes the sender repeat what was done already; a lost order lets what follows upon it overtake it.
"""

from __future__ import annotations

import contextlib
import socket
import threading

from habrio_local.home import Home

CHUNK_BYTES = 65536
ORDER = b"POST /internal/messages/orders.place "


class Wire:
    """Listens on `port` and carries bytes to where `target` listens in the stack of `home`, once that is known."""

    def __init__(self, home: Home, target: str) -> None:
        self._home = home
        self._target = target
        self._target_port = 0
        self.loses_replies = False
        self.loses_orders = False
        self.lost = 0
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name=f"wire-{self.port}", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed: the end
            while True:
                near, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        try:
            self._target_port = self._target_port or (self._home.read_state() or {"ports": {}})["ports"][self._target]
            far = socket.create_connection(("127.0.0.1", self._target_port), timeout=2)
        except (OSError, KeyError):
            near.close()
            return
        for end in (near, far):
            end.settimeout(None)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self._carry, args=(far, near, True), daemon=True).start()
        self._carry(near, far, False)

    def _carry(self, source: socket.socket, sink: socket.socket, are_replies: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK_BYTES):
                if (are_replies and self.loses_replies) or (
                    not are_replies and self.loses_orders and data.startswith(ORDER)
                ):
                    self.lost += 1
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            if end is source:
                end.close()
