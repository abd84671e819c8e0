"""An administrator: gives to wallets and takes from them, marks shops; each act stands in the audit log once."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.chaos.book import paise
from tests.chaos.client import Client

PHONE = "9000000001"
"""Whom every local platform has."""


class Administrator(Client):
    """`wallets` are the residents' names by their user ids."""

    wallets: dict[int, str]
    shops: tuple[int, ...] = ()

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.acknowledged: Counter[tuple[str, str]] = Counter()
        """Acts by their action and target, as the audit log names them."""
        self.marks: dict[tuple[int, str], bool] = {}
        """What was last acknowledged of a shop."""

    def act(self) -> None:
        """One act, drawn by weight."""
        [act] = self.rng.choices((self.adjust, self.mark, self.refresh), weights=(60, 34, 6))
        act()

    def adjust(self) -> None:
        """Some rupees more, or fewer."""
        user_id = self.rng.choice(sorted(self.wallets))
        rupees = self.rng.choice((-7.25, -3.0, 4.5, 11.75))
        given = {"owner": "consumer", "user_id": user_id, "amount": rupees, "reason": "Goodwill"}
        if self.settle("adjust", "/admin/wallets/adjust", given).ok:
            self.books.loaded_paise[self.wallets[user_id]] += paise(rupees)
            self.acknowledged["adjust_consumer", f"wallet:consumer:{user_id}"] += 1

    def mark(self) -> None:
        """A shop as verified or featured, or not any more."""
        shop_id, word = self.rng.choice(self.shops), self.rng.choice(("verify", "feature"))
        given = {"value": self.rng.random() < 0.5, "reason": "Visited"}
        if self.settle(word, f"/admin/shops/{shop_id}/{word}", given).ok:
            self.marks[shop_id, word] = bool(given["value"])
            self.acknowledged[f"{word}_shop", f"shop:{shop_id}"] += 1
