"""Delivering one-time passwords, outside the request, until one arrives or can no longer serve."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.exceptions import Reject

from habrio_auth.otps import rules
from habrio_auth.otps.deliver import deliver
from habrio_auth.otps.errors import NotDelivered
from habrio_auth.otps.handover import DELIVER_TASK
from habrio_shared import notify
from habrio_shared.metrics.series import OTPS

log = logging.getLogger(__name__)


@shared_task(name=DELIVER_TASK, bind=True, max_retries=None)  # type: ignore[untyped-decorator]  # Celery ships no types
def deliver_otp(task: Any, phone: str, code: str) -> None:
    """Bring `code` to `phone` (E.164), with exponential back-off, for as long as somebody may wait for it.

    Whoever reads the log finds a code by the task's id and the last digits of its phone.
    """
    name = f"delivery {task.request.id} of the code for {rules.masked(phone)}"
    try:
        if deliver(phone, code):
            OTPS.labels("delivered").inc()
        else:
            log.info("%s: nobody waits for it any more", name)
    except NotDelivered as failure:
        try:
            notify.try_again(task, failure, name=name, left_seconds=failure.left_seconds)
        except Reject:
            OTPS.labels("delivery_failed").inc()
            raise
        OTPS.labels("delivery_failed").inc()  # for good: a next try would have left by an exception
