"""Administrators adjust consumers' wallets."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.wallet.adjust import adjust
from habrio_shared import acts
from habrio_shared.contracts.acts import ADJUST_CONSUMER, Adjustment


@acts.on(ADJUST_CONSUMER)
def on_adjust(session: Session, act: Adjustment) -> acts.Change:
    """InsufficientFunds."""
    balance_paise = adjust(session, act)
    return acts.Change({"balance_paise": balance_paise - act.amount_paise}, {"balance_paise": balance_paise})
