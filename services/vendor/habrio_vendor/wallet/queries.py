"""Reading a vendor's wallet."""

from __future__ import annotations

from dataclasses import dataclass

from habrio_shared import ledger
from habrio_shared.database import reading
from habrio_vendor.wallet.models import wallet


def balance_paise(vendor_id: int) -> int:
    """What the wallet holds."""
    with reading() as session:
        return ledger.balance(session, wallet(vendor_id))


@dataclass(frozen=True, slots=True)
class Known:
    """A movement of the wallet, and the kind of the entry that resolved its own, if there is one."""

    movement: ledger.Movement
    resolved_by: str | None


def movements(vendor_id: int, *, limit: int, before_id: int | None) -> list[Known]:
    """Up to `limit` movements of the wallet, newest first; older than `before_id`, if given. Two queries."""
    with reading() as session:
        found = ledger.history(session, wallet(vendor_id), limit=limit, before_id=before_id)
        resolved = ledger.resolved_by(session, [movement.entry_id for movement in found])
    return [Known(movement, resolved.get(movement.entry_id)) for movement in found]
