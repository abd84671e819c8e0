"""An administrator gives money to a wallet, or takes some from it."""

from __future__ import annotations

from habrio_consumer.wallet.errors import AdjustmentReused
from habrio_consumer.wallet.models import ADJUSTMENTS, wallet
from habrio_shared import ledger
from habrio_shared.contracts.wallets import AdjustWallet
from habrio_shared.database import transaction


def adjust(given: AdjustWallet) -> int:
    """The wallet's balance after it, in paise; the same adjustment again is made once.

    InsufficientFunds if it would go below 0; AdjustmentReused if its id stands for another one.
    """
    owner = wallet(given.user_id)
    src, dst = (ADJUSTMENTS, owner) if given.amount_paise > 0 else (owner, ADJUSTMENTS)
    entry = ledger.Entry(
        id=f"adjust:{given.id}",
        kind="adjust",
        postings=ledger.moves((src, dst, abs(given.amount_paise))),
        reference=given.reason,
    )
    with transaction() as session:
        try:
            ledger.post(session, entry)
        except ledger.LedgerConflict as error:
            raise AdjustmentReused from error
        return ledger.balance(session, owner)
