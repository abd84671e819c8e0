"""The accounts of the consumer service's ledger; its tables are the shared library's (DESIGN.md §5)."""

from __future__ import annotations

from habrio_shared.ledger import Account

WORLD = Account("world")
"""Where money comes from that is loaded into wallets."""

ESCROW = Account("escrow")
"""What is held for orders that are under way."""

DUE_TO_VENDORS = Account("due:vendor")
"""What delivered orders owe to vendors; the vendor service's ledger settles it."""


def wallet(user_id: int) -> Account:
    """What this consumer can spend; never below 0."""
    return Account(f"wallet:{user_id}", floor_paise=0)
