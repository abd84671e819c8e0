"""Tidying up. A task may run twice, or beside its double: the second finds the lock taken, or nothing to do."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import InstrumentedAttribute

from habrio_auth.otps.models import Otp, OtpQuota
from habrio_auth.sessions.models import UserSession
from habrio_shared.database import after, transaction, try_lock

DAY_SECONDS = 86_400
BATCH_ROWS = 1000

KEPT_DAYS: tuple[tuple[InstrumentedAttribute[str], InstrumentedAttribute[datetime], int], ...] = (
    (Otp.phone, Otp.expires_at, 1),
    (OtpQuota.phone, OtpQuota.day_started_at, 2),
    (UserSession.sid, UserSession.expires_at, 90),
)
"""Each table's key, and for how many days after which moment its rows are kept."""


@shared_task(name="auth.housekeeping")  # type: ignore[untyped-decorator]  # Celery ships no types
def housekeeping() -> int:
    """Delete what has done its duty, in short transactions; how many rows."""
    return sum(_purge(key, moment, days) for key, moment, days in KEPT_DAYS)


def _purge(key: InstrumentedAttribute[str], moment: InstrumentedAttribute[datetime], days: int) -> int:
    count = 0
    earliest = select(after(-days * DAY_SECONDS)).scalar_subquery()  # asked once, so that the index serves
    while True:
        with transaction() as session:
            if not try_lock(session, "housekeeping"):
                return count
            some = select(key).where(moment < earliest).limit(BATCH_ROWS)
            purge = delete(key.class_).where(key.in_(some)).execution_options(synchronize_session=False)
            result = session.execute(purge)
            deleted = result.rowcount if isinstance(result, CursorResult) else 0
        count += deleted
        if deleted < BATCH_ROWS:
            return count
