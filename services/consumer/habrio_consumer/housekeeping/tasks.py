"""Tidying up, and the nightly proof of the ledger: the platform's beat calls them."""

from __future__ import annotations

from celery import shared_task

from habrio_shared import ledger
from habrio_shared.housekeeping import tidy


@shared_task(name="consumer.housekeeping")  # type: ignore[untyped-decorator]  # Celery ships no types
def housekeeping() -> int:
    """Forget what is kept for a while only; how many rows."""
    return tidy()


@shared_task(name="consumer.prove_ledger")  # type: ignore[untyped-decorator]  # Celery ships no types
def prove_ledger() -> int:
    """Prove the ledger once a day, whoever calls and how often; 1 if it was done now."""
    return ledger.prove_nightly()
