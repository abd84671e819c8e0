"""How a posting can fail. After each of these nothing of the entry is written and the transaction is still usable."""

from __future__ import annotations

from habrio_shared.errors import HabrioError


class InsufficientFunds(HabrioError):
    """`account` would go below its floor by `missing_paise`."""

    word = "insufficient_balance"
    sentence = "Insufficient balance"

    def __init__(self, account: str, missing_paise: int) -> None:
        super().__init__()
        self.account = account
        self.missing_paise = missing_paise


class AlreadyResolved(HabrioError):
    """The entry that this one would resolve has been resolved by the entry `by`."""

    word = "already_resolved"
    sentence = "This money has been moved on already"

    def __init__(self, resolves: str, by: str) -> None:
        super().__init__()
        self.resolves = resolves
        self.by = by


class LedgerConflict(Exception):
    """The caller contradicts what is written: a bug, not something that a user may cause."""
