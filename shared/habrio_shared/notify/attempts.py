"""A message that nobody took is tried again, later and later, for as long as it is of use."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from celery.exceptions import Reject

log = logging.getLogger(__name__)

ATTEMPTS_MAX = 10
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 2, 60


def wait_before_next(tries: int, share: float) -> float:
    """Seconds between the `tries`-th attempt and the next: twice as many each time, up to a minute.

    `share`, random in [0, 1), takes up to half of them away: a provider that comes back is not met by all at once.
    Before the last of ATTEMPTS_MAX no more than 302 s have been waited.
    """
    full = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** (tries - 1))
    return full * (1 - share / 2)


def try_again(task: Any, failure: Exception, *, name: str, left_seconds: float) -> None:
    """Let the bound Celery task `task` run again, unless it was tried ATTEMPTS_MAX times or will be of no use by then.

    Then the end is logged and the task is done. `name` is how the log calls the message, without its secrets.
    """
    tries = task.request.retries + 1
    wait_seconds = wait_before_next(tries, secrets.SystemRandom().random())
    if tries >= ATTEMPTS_MAX or wait_seconds >= left_seconds:
        log.error("%s failed for good after %s tries: %s", name, tries, failure)
        return
    log.warning("%s: try %s failed: %s; the next one in %.1f s", name, tries, failure, wait_seconds)
    try:
        # argsrepr: what Celery shows of the arguments.
        task.retry(countdown=wait_seconds, exc=failure, argsrepr="…")
    except Reject:  # Celery's word for a broker that does not take the next try
        log.error("%s failed for good after %s tries: the broker takes no other", name, tries)
        raise
