"""A word to the worker that something is due now, from a thread of its own: the broker concerns no request."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, current_app

from habrio_shared import telemetry

log = logging.getLogger(__name__)

EXTENSION = "habrio_nudges"
EXPIRES_SECONDS = 30
"""By then the platform's beat has called the task anyway."""


class Nudges:
    """One thread for all tasks, which starts with the first nudge, so after gunicorn's fork."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="nudge")
        self._lock = threading.Lock()
        self._waiting: dict[str, str | None] = {}  # by task, whose request asked for it first

    def give(self, task: str) -> None:
        """Return at once. A nudge that still waits to go speaks for this one too; one that is lost loses no work."""
        with self._lock:
            if task in self._waiting:
                return
            self._waiting[task] = telemetry.current()
        self._thread.submit(self._send, task)

    def _send(self, task: str) -> None:
        with self._lock:
            traceparent = self._waiting.pop(task)
        try:
            with telemetry.continued(traceparent):
                self._app.extensions["celery"].send_task(task, expires=EXPIRES_SECONDS)
        except Exception as error:  # noqa: BLE001 — the outermost edge of this thread: nobody else would hear of it
            log.warning("%s waits for the next beat: %s: %s", task, type(error).__name__, error)


def nudge(task: str) -> None:
    """Wake the current app's worker for a task that takes no arguments and that beat calls too."""
    nudges: Nudges = current_app.extensions[EXTENSION]
    nudges.give(task)
