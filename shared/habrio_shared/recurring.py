"""Work that a service's worker does again and again, in a thread of its own beside Celery."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from flask import Flask

log = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0


class Recurring:
    """Does `work` over and over in `app`'s context: at once again after it did something, else after a second.

    `work` returns how much it did. What has to happen by the clock stands in rows that it looks for: a broker that is
    away loses nothing, and a worker that was down catches up. Any number of workers may do the same work at once, so
    it takes what nobody else works on.
    """

    def __init__(self, app: Flask, name: str, work: Callable[[], int], *, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._app = app
        self._name = name
        self._work = work
        self._pause_seconds = pause_seconds
        self._is_stuck = False

    def run(self, stop: threading.Event) -> None:
        """Go on until `stop` is set; an error, of the database most likely, only costs a pause."""
        while not stop.is_set():
            if not self._turn():
                stop.wait(self._pause_seconds)

    def _turn(self) -> int:
        try:
            with self._app.app_context():
                done = self._work()
        except Exception:  # the edge of this thread: it has to outlive a database that is away
            if not self._is_stuck:
                log.warning("%s fails and goes on trying", self._name, exc_info=True)
            self._is_stuck = True
            return 0
        if self._is_stuck:
            log.info("%s works again", self._name)
        self._is_stuck = False
        return done
