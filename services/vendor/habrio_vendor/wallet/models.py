"""The accounts of the vendor service's ledger; its tables are the shared library's (DESIGN.md §5)."""

from __future__ import annotations

from habrio_shared.ledger import Account

DUE_FROM_CONSUMER = Account("due:consumer")
"""Meets the consumer's ledger: minus what is in flight is what it holds for vendors at `due:vendor`."""

COMMISSION = Account("commission")

PAYOUT_HOLD = Account("payout_hold")
"""What vendors have asked for and no bank has confirmed yet."""

BANK = Account("bank")
"""What has left the platform for vendors' banks."""

ADJUSTMENTS = Account("adjustments")
"""What administrators gave to vendors' wallets (negative) or took from them."""


def wallet(vendor_id: int) -> Account:
    """What the platform owes this vendor; never below 0."""
    return Account(f"wallet:{vendor_id}", floor_paise=0)
