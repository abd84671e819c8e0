"""A word to the worker that a payout is due now, from a thread of its own: the broker concerns no request."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, current_app

log = logging.getLogger(__name__)

SEND_TASK = "vendor.send_payouts"
EXTENSION = "habrio_payout_nudge"
EXPIRES_SECONDS = 30
"""By then the platform's beat has called the task anyway."""


class Nudge:
    """One thread, which starts with the first nudge, so after gunicorn's fork."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="payout-nudge")
        self._is_waiting = threading.Lock()

    def give(self) -> None:
        """Return at once. A nudge that still waits to go speaks for this one too; one that is lost loses no money."""
        if self._is_waiting.acquire(blocking=False):
            self._thread.submit(self._send)

    def _send(self) -> None:
        self._is_waiting.release()
        try:
            self._app.extensions["celery"].send_task(SEND_TASK, expires=EXPIRES_SECONDS)
        except Exception as error:  # noqa: BLE001 — the outermost edge of this thread: nobody else would hear of it
            log.warning("payouts wait for the next beat: %s: %s", type(error).__name__, error)


def set_up(app: Flask) -> None:
    """Give the app its nudge."""
    app.extensions[EXTENSION] = Nudge(app)


def nudge() -> None:
    """`Nudge.give` of the current app."""
    given: Nudge = current_app.extensions[EXTENSION]
    given.give()
