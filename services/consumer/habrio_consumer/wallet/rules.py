"""How a payment may stand, and how movements of a wallet are called."""

from __future__ import annotations

from typing import Literal, get_args

PaymentStatus = Literal["requested", "credited", "failed"]
PAYMENT_STATUSES: tuple[PaymentStatus, ...] = get_args(PaymentStatus)

TransactionType = Literal["recharge", "debit", "refund"]
Source = Literal["payment", "order", "adjustment"]


def transaction_type(kind: str, delta_paise: int) -> TransactionType:
    """What the wallet's history calls a movement of an entry of this kind."""
    if kind == "topup":
        return "recharge"
    return "refund" if delta_paise > 0 else "debit"


def source(kind: str) -> Source:
    """What moved the money."""
    if kind == "topup":
        return "payment"
    return "adjustment" if kind == "adjust" else "order"
