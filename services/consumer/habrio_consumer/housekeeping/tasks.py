"""Tidying up, once a day; running it twice does no harm."""

from __future__ import annotations

from celery import shared_task

from habrio_shared import idempotency
from habrio_shared.database import transaction


@shared_task(name="consumer.housekeeping")  # type: ignore[untyped-decorator]  # Celery ships no types
def housekeeping() -> int:
    """Forget clients' idempotency keys that are older than 7 days; how many."""
    with transaction() as session:
        return idempotency.purge(session)
