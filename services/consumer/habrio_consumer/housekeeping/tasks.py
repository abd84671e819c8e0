"""Tidying up: the platform's beat calls it."""

from __future__ import annotations

from celery import shared_task

from habrio_shared.housekeeping import tidy


@shared_task(name="consumer.housekeeping")  # type: ignore[untyped-decorator]  # Celery ships no types
def housekeeping() -> int:
    """Forget what is kept for a while only; how many rows."""
    return tidy()
