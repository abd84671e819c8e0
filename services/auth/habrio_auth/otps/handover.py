"""Handing codes to the delivery task, from a thread of its own: a broker that is away or slow concerns no request."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, current_app, g

from habrio_shared import telemetry

log = logging.getLogger(__name__)

DELIVER_TASK = "auth.deliver_otp"
WAITING_MAX = 200
EXTENSION = "habrio_otp_handover"


class Handover:
    """One thread and a bounded queue; the thread starts with the first code, so after gunicorn's fork."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="otp-handover")
        self._places = threading.BoundedSemaphore(WAITING_MAX)

    def hand_over(self, phone: str, code: str) -> None:
        """Return at once. A code that cannot be handed over is lost, and the log says so: the person asks again."""
        if not self._places.acquire(blocking=False):
            log.warning("the code for %s is not delivered: %s others wait for the broker", phone, WAITING_MAX)
            return
        self._thread.submit(self._send, phone, code, g.get("request_id", ""), telemetry.current())

    def _send(self, phone: str, code: str, request_id: str, traceparent: str | None) -> None:
        with self._app.app_context(), telemetry.continued(traceparent):
            g.request_id, g.traceparent = request_id, traceparent
            try:
                # argsrepr: what Celery shows of the arguments. No `expires`: Celery would drop a late code in silence.
                self._app.extensions["celery"].send_task(DELIVER_TASK, args=[phone, code], argsrepr="…")
            except Exception as error:  # noqa: BLE001 — the outermost edge of this thread: nobody else would hear of it
                log.warning("the code for %s is not delivered: %s: %s", phone, type(error).__name__, error)
            finally:
                self._places.release()


def set_up(app: Flask) -> None:
    """Give the app its handover."""
    app.extensions[EXTENSION] = Handover(app)


def hand_over(phone: str, code: str) -> None:
    """`Handover.hand_over` of the current app."""
    handover: Handover = current_app.extensions[EXTENSION]
    handover.hand_over(phone, code)
