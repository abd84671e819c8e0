"""Reading a vendor's wallet."""

from __future__ import annotations

from habrio_shared import ledger
from habrio_shared.database import reading
from habrio_vendor.wallet.models import wallet


def balance_paise(vendor_id: int) -> int:
    """What the wallet holds."""
    with reading() as session:
        return ledger.balance(session, wallet(vendor_id))


def movements(vendor_id: int, *, limit: int, before_id: int | None) -> list[ledger.Movement]:
    """Up to `limit` movements of the wallet, newest first; older than `before_id`, if given."""
    with reading() as session:
        return ledger.history(session, wallet(vendor_id), limit=limit, before_id=before_id)
