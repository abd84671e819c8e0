"""What every service with an outbox and idempotency keys tidies up now and then."""

from __future__ import annotations

from habrio_shared import idempotency, outbox
from habrio_shared.database import transaction, try_lock

LOCK = "housekeeping"


def tidy() -> int:
    """Forget clients' idempotency keys, and messages delivered, that are older than they are kept; how many.

    A double that runs at the same time finds the lock taken and does nothing.
    """
    with transaction() as session:
        if not try_lock(session, LOCK):
            return 0
        return idempotency.purge(session) + outbox.purge(session)
