"""Tidying up, and the nightly comparison of both ledgers: the platform's beat calls them."""

from __future__ import annotations

from celery import shared_task

from habrio_admin.ledger.verify import compare_nightly
from habrio_shared.housekeeping import tidy


@shared_task(name="admin.housekeeping")  # type: ignore[untyped-decorator]  # Celery ships no types
def housekeeping() -> int:
    """Forget clients' keys and delivered messages that are older than they are kept; how many rows."""
    return tidy()


@shared_task(name="admin.prove_ledger")  # type: ignore[untyped-decorator]  # Celery ships no types
def prove_ledger() -> int:
    """Compare both ledgers once a day, whoever calls and how often; 1 if it was done now."""
    return compare_nightly()
