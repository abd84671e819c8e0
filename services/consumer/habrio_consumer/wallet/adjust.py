"""An administrator gives money to a wallet, or takes some from it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.wallet.models import ADJUSTMENTS, wallet
from habrio_shared import ledger
from habrio_shared.contracts.acts import Adjustment


def adjust(session: Session, act: Adjustment) -> int:
    """The balance after it, in paise; its owner reads the reason. ledger.InsufficientFunds if it would go below 0."""
    owner = wallet(act.user_id)
    src, dst = (ADJUSTMENTS, owner) if act.amount_paise > 0 else (owner, ADJUSTMENTS)
    entry = ledger.Entry(
        id=f"adjust:{act.act_id}",
        kind="adjust",
        postings=ledger.moves((src, dst, abs(act.amount_paise))),
        reference=act.reason,
    )
    ledger.post(session, entry)
    return ledger.balance(session, owner)
