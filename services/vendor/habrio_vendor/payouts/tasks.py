"""Payouts that are due, by the worker: called by the platform's beat, and by whoever made one due."""

from __future__ import annotations

import logging
import threading

from celery import shared_task

from habrio_vendor.payouts.errors import PayoutsNotConfigured
from habrio_vendor.payouts.queries import how_many_wait
from habrio_vendor.payouts.send import send_due
from habrio_vendor.payouts.withdraw import SEND_TASK

log = logging.getLogger(__name__)

_running = threading.Lock()


@shared_task(name=SEND_TASK)  # type: ignore[untyped-decorator]  # Celery ships no types
def send_payouts() -> int:
    """Hand over what is due; how many payouts the provider answered about.

    One run at a time in each worker, which has other tasks for its other thread: a provider may be slow.
    """
    if not _running.acquire(blocking=False):
        return 0
    try:
        return send_due()
    except PayoutsNotConfigured:
        if waiting := how_many_wait():
            log.error("%s payouts wait, and there is no payout provider: set PAYOUT_PROVIDER", waiting)
        return 0
    finally:
        _running.release()
