"""Tidying up, and the nightly proof of the ledger: the platform's beat calls them."""

from __future__ import annotations

from celery import shared_task

from habrio_shared import ledger
from habrio_shared.housekeeping import tidy
from habrio_vendor.bulk_uploads.forget import forget
from habrio_vendor.documents.forget_orphans import forget_orphans


@shared_task(name="vendor.housekeeping")  # type: ignore[untyped-decorator]  # Celery ships no types
def housekeeping() -> int:
    """Forget what is kept for a while only; how many rows and files."""
    return tidy() + forget_orphans() + forget()


@shared_task(name="vendor.prove_ledger")  # type: ignore[untyped-decorator]  # Celery ships no types
def prove_ledger() -> int:
    """Prove the ledger once a day, whoever calls and how often; 1 if it was done now."""
    return ledger.prove_nightly()
