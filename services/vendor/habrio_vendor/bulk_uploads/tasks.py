"""The worker's part: the message carries nothing, for the database knows what is to be done."""

from __future__ import annotations

import threading

from celery import shared_task

from habrio_vendor.bulk_uploads.accept import TASK
from habrio_vendor.bulk_uploads.work_off import work_off

_working = threading.Lock()


@shared_task(name=TASK)  # type: ignore[untyped-decorator]  # Celery ships no types
def bulk_uploads() -> int:
    """Work off the uploads that are due; how many. Sent with each new upload, and by beat for what was left.

    One file at a time a process, so that its other threads stay free for messages that cannot wait. A double that
    finds one under way leaves it all to that one.
    """
    if not _working.acquire(blocking=False):
        return 0
    try:
        return work_off()
    finally:
        _working.release()
