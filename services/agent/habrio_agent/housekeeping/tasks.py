"""Tidying up: this service's own beat calls it."""

from __future__ import annotations

from celery import shared_task

from habrio_agent.conversations.forget import forget


@shared_task(name="agent.housekeeping")  # type: ignore[untyped-decorator]  # Celery ships no types
def housekeeping() -> int:
    """Forget what is kept for a while only; how many rows."""
    return forget()
