"""What the platform keeps of a delivered order, and what a wallet's movements are called."""

from __future__ import annotations

from typing import Literal

BASIS_POINTS = 10_000

WITHDRAW, PAYOUT_PAID, PAYOUT_FAILED, ADJUST = "withdraw", "payout_paid", "payout_failed", "adjust"
"""Kinds of ledger entries: money is put on hold for a payout, which resolves into the second or the third."""

TransactionType = Literal["credit", "debit", "withdrawal"]
TransactionStatus = Literal["success", "pending", "failed"]


def commission_paise(captured_paise: int, basis_points: int) -> int:
    """The commission on so many paise, rounded down to a whole paisa, in the vendor's favour."""
    return captured_paise * basis_points // BASIS_POINTS


def transaction_type(kind: str, delta_paise: int) -> TransactionType:
    """What a movement of the wallet is: a payout that failed comes back as a credit."""
    if kind == WITHDRAW:
        return "withdrawal"
    return "credit" if delta_paise > 0 else "debit"


def transaction_status(kind: str, resolved_by: str | None) -> TransactionStatus:
    """How it ended: a withdrawal is pending until the entry that resolves it, of the kind given, is there."""
    if kind != WITHDRAW or resolved_by == PAYOUT_PAID:
        return "success"
    return "pending" if resolved_by is None else "failed"
