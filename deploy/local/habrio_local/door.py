"""A listening socket that outlives the process behind it: who follows gets the same one, and the queue before it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from dataclasses import dataclass

from habrio_local.process import Process, spawn

BACKLOG = 2048


@dataclass
class Door:
    """`ready` is where the newest process behind it says that it answers; -1 when nobody is awaited."""

    listener: socket.socket
    ready: int = -1

    @classmethod
    def at(cls, address: str) -> Door:
        """Listen at `host:port`; OSError when it is taken."""
        host, _, port = address.rpartition(":")
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, int(port)))
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
        return cls(listener)

    def spawn(self, process: Process, output: int) -> subprocess.Popen[bytes]:
        """Start a process behind it: gunicorn's `fd://`, and a pipe for habrio_shared.gunicorn_conf."""
        self._forget()
        self.ready, says = os.pipe()
        os.set_blocking(self.ready, False)
        number = self.listener.fileno()
        told = {"BIND_ADDRESS": f"fd://{number}", "READY_FD": str(says)}
        try:
            return spawn(process, output, told, (number, says))
        finally:
            os.close(says)

    def is_answered(self) -> bool:
        """Whether the newest process has said that it answers; true once."""
        if self.ready == -1:
            return False
        with contextlib.suppress(BlockingIOError):
            if os.read(self.ready, 1):
                self._forget()
                return True
        return False

    def close(self) -> None:
        """Nobody listens any more: who knocks is refused."""
        self._forget()
        self.listener.close()

    def _forget(self) -> None:
        if self.ready != -1:
            os.close(self.ready)
            self.ready = -1
