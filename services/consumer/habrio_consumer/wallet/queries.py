"""Reading a consumer's wallet."""

from __future__ import annotations

from habrio_consumer.wallet.models import wallet
from habrio_shared import ledger
from habrio_shared.database import reading


def balance_paise(user_id: int) -> int:
    """What the wallet holds."""
    with reading() as session:
        return ledger.balance(session, wallet(user_id))


def movements(user_id: int, *, limit: int, before_id: int | None) -> list[ledger.Movement]:
    """Up to `limit` movements of the wallet, newest first; older than `before_id`, if given."""
    with reading() as session:
        return ledger.history(session, wallet(user_id), limit=limit, before_id=before_id)
