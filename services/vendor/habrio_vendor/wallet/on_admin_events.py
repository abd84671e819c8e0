"""Administrators adjust vendors' wallets."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import acts
from habrio_shared.contracts.acts import ADJUST_VENDOR, Adjustment
from habrio_vendor.wallet.adjust import adjust


@acts.on(ADJUST_VENDOR)
def on_adjust(session: Session, act: Adjustment) -> acts.Change:
    """ProfileNotFound, InsufficientFunds."""
    balance_paise = adjust(session, act)
    return acts.Change({"balance_paise": balance_paise - act.amount_paise}, {"balance_paise": balance_paise})
