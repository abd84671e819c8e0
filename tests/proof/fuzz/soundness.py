"""Whether a platform that was asked all sorts of things is as sound as before."""

from __future__ import annotations

import contextlib
import json
import threading
from types import TracebackType
from typing import Any, Self

import psutil
import requests

from tests.support.books import assert_books_balance
from tests.support.stack import Stack

ANSWERING = ("nginx", "gateway", "auth", "consumer", "vendor", "admin")
MEMORY_MIB_MAX = 250
LOOKS_SECONDS = 0.25
ON_PURPOSE = "/boom"


class Watch:
    """The processes that answer requests, and the most memory that each has held since."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._before = self._processes()
        self._peaks: dict[str, int] = {}
        self._lines = len(stack.log("nginx").splitlines())
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def assert_sound(self) -> None:
        """No process died, none grew too large, nothing was answered with a 5xx, all parts are ready, books balance."""
        assert self._processes().keys() == self._before.keys(), "a process has died"
        assert {name: peak for name, peak in self._peaks.items() if peak > MEMORY_MIB_MAX} == {}
        assert self.faults() == []
        assert requests.get(f"{self._stack.url}/ready", timeout=10).status_code == 200
        assert_books_balance(self._stack)

    def faults(self) -> list[dict[str, Any]]:
        """Requests that nginx has answered with a 5xx of its own or a service's, but for those made for that.

        501 and 505 say that the client speaks an HTTP that is not spoken here.
        """
        lines = [line for line in self._stack.log("nginx").splitlines()[self._lines :] if line.startswith("{")]
        asked = [json.loads(line) for line in lines]
        return [
            line
            for line in asked
            if line["status"] >= 500 and line["status"] not in (501, 505) and not line["path"].endswith(ON_PURPOSE)
        ]

    def _processes(self) -> dict[str, psutil.Process]:
        """Masters and their children by part and pid."""
        pids = self._stack.pids()
        masters = {name: psutil.Process(pids[name]) for name in ANSWERING}
        return {
            f"{name} {process.pid}": process
            for name, master in masters.items()
            for process in (master, *master.children(recursive=True))
        }

    def _look(self) -> None:
        while not self._over.wait(LOOKS_SECONDS):
            for name, process in self._before.items():
                with contextlib.suppress(psutil.Error):
                    held = process.memory_info().rss // 2**20
                    self._peaks[name] = max(held, self._peaks.get(name, 0))
