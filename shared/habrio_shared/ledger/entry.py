"""What can be posted: accounts, postings, entries; pure values that refuse what the tables would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """A name such as "wallet:17" or "escrow", and the floor that its balance may not go below (None: no floor).

    A floor is 0 or, for an overdraft that was granted, negative; it belongs to the account for good.
    """

    name: str
    floor_paise: int | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("an account needs a name")
        if self.floor_paise is not None and self.floor_paise > 0:
            raise ValueError("a floor above 0 would refuse the empty account")


@dataclass(frozen=True, slots=True)
class Posting:
    """So many paise, at least 1, from one account to another."""

    src: Account
    dst: Account
    amount_paise: int

    def __post_init__(self) -> None:
        if self.amount_paise <= 0:
            raise ValueError("a posting moves at least one paisa")
        if self.src.name == self.dst.name:
            raise ValueError("a posting moves money between two accounts")


def moves(*steps: tuple[Account, Account, int]) -> tuple[Posting, ...]:
    """Postings of (from, to, paise), without those of 0 paise (a commission of nothing)."""
    return tuple(Posting(src, dst, amount_paise) for src, dst, amount_paise in steps if amount_paise)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to money: all its postings, or none of them.

    `id` is its idempotency key ("hold:17"). `resolves` is the id of the entry that it settles for good (a release
    or a capture names its hold). `reference` is text for people: an order, a bank's number.
    """

    id: str
    kind: str
    postings: tuple[Posting, ...]
    resolves: str | None = None
    reference: str = ""

    def __post_init__(self) -> None:
        if not self.id or not self.kind:
            raise ValueError("an entry needs an id and a kind")
        if not self.postings:
            raise ValueError("an entry moves something")
        if self.resolves == self.id:
            raise ValueError("an entry cannot resolve itself")
        floors: dict[str, int | None] = {}
        for account in self._touched():
            if floors.setdefault(account.name, account.floor_paise) != account.floor_paise:
                raise ValueError(f"{account.name} is given two floors")

    def _touched(self) -> Iterator[Account]:
        for posting in self.postings:
            yield posting.src
            yield posting.dst

    def accounts(self) -> list[Account]:
        """Every account it touches, once, by name: the one order in which they are opened and locked."""
        return sorted(set(self._touched()), key=lambda account: account.name)

    def deltas(self) -> dict[str, int]:
        """By how many paise each account's balance changes."""
        deltas = {account.name: 0 for account in self.accounts()}
        for posting in self.postings:
            deltas[posting.src.name] -= posting.amount_paise
            deltas[posting.dst.name] += posting.amount_paise
        return deltas
