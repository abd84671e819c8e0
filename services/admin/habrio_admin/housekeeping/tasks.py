"""Tidying up: the platform's beat calls it."""

from __future__ import annotations

from celery import shared_task

from habrio_shared.housekeeping import tidy


@shared_task(name="admin.housekeeping")  # type: ignore[untyped-decorator]  # Celery ships no types
def housekeeping() -> int:
    """Forget clients' keys and delivered messages that are older than they are kept; how many rows."""
    return tidy()
