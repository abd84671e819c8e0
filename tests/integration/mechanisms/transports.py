"""A wire between the two services inside one process, which a test may cut, make slow, or make say everything twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Flask

from habrio_shared import inbox
from habrio_shared.outbox import Undelivered

Event = Callable[[str], None]


class DirectTransport:
    """Hands each message to its target's inbox. `sent` counts tries by message id, delivered or not."""

    def __init__(self, apps: dict[str, Flask]) -> None:
        self._apps = apps
        self.sent: Counter[str] = Counter()
        self.headers: dict[str, dict[str, str]] = {}
        self.is_cut = False
        self.loses_replies = 0
        self.before_send: Event | None = None
        self.after_send: Event | None = None
        self._lock = threading.Lock()

    def send(
        self, target: str, kind: str, key: str, body: dict[str, Any], timeout_seconds: float, headers: dict[str, str]
    ) -> dict[str, Any]:
        assert timeout_seconds > 0
        with self._lock:
            self.sent[key] += 1
            self.headers[key] = headers
        if self.is_cut:
            raise Undelivered("the wire is cut", is_away=True)
        if self.before_send:
            self.before_send(key)
        # In a thread of its own, as in a process of its own: nothing of the sender's context is to leak in.
        reply = in_own_thread(lambda: self._receive(target, kind, key, body))
        if self.after_send:
            self.after_send(key)
        with self._lock:
            if self.loses_replies:
                self.loses_replies -= 1
                raise Undelivered("the reply was lost", is_away=False)
        return reply

    def _receive(self, target: str, kind: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        with self._apps[target].app_context():
            return inbox.receive(kind, key, body)


def in_own_thread(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `work` returns or raises, done in a new thread."""
    result: dict[str, Any] = {}
    failure: list[Exception] = []

    def run() -> None:
        try:
            result.update(work())
        except Exception as error:  # noqa: BLE001 — handed on to the caller, whatever it is
            failure.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return result


def at_once(number: int, work: Callable[[int], object]) -> list[object]:
    """`work(0)` … `work(number - 1)` by as many threads, let go together; what each returned or raised."""
    barrier = threading.Barrier(number)
    results: list[object] = [None] * number

    def run(index: int) -> None:
        barrier.wait()
        try:
            results[index] = work(index)
        except Exception as error:  # noqa: BLE001 — a result like any other
            results[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "a thread hangs"
    return results
