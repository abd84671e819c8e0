"""Tidying up, once a day: the platform's beat calls it. A double finds the lock taken, or nothing to do."""

from __future__ import annotations

from celery import shared_task

from habrio_shared import idempotency, outbox
from habrio_shared.database import transaction, try_lock


@shared_task(name="vendor.housekeeping")  # type: ignore[untyped-decorator]  # Celery ships no types
def housekeeping() -> int:
    """Forget clients' idempotency keys, and messages delivered, that are older than they are kept; how many."""
    with transaction() as session:
        if not try_lock(session, "housekeeping"):
            return 0
        return idempotency.purge(session) + outbox.purge(session)
