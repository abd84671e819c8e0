"""Who contends, how closely, and what has to be so after each contest."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import requests

from tests.support.at_once import at_once
from tests.support.client import Phone
from tests.support.society import Shop, Society, fill_cart
from tests.support.stack import Stack

Result = TypeVar("Result")

REPEATS = 100
STOCK = 10_000
RUPEES = 100_000.0
PRICE = 10.5
SPREAD_SECONDS = 0.02
"""One way is longer than the other: who starts is drawn, so that each side wins now and then."""


def nearly_at_once(rng: random.Random, *calls: Callable[[], Result]) -> list[Result]:
    """All calls from one barrier, each after a moment of its own."""

    def late(seconds: float, call: Callable[[], Result]) -> Result:
        time.sleep(seconds)
        return call()

    return at_once(*(partial(late, rng.uniform(0, SPREAD_SECONDS), call) for call in calls))


@dataclass(frozen=True)
class Holdings:
    """What a contest moves: rupees of the resident and of the shop, pieces that can be sold."""

    resident: float
    shop: float
    stock: int


@dataclass
class Town:
    """A shop that sells rice, and a resident; `bank` is set up, so that the shop can withdraw."""

    society: Society
    shop: Shop
    resident: Phone

    @classmethod
    def of(cls, stack: Stack) -> Town:
        society = Society(stack.url)
        return cls(society, society.open_shop(Rice=STOCK), society.resident(money=RUPEES))

    def order(self, *statuses: str, pieces: int = 1) -> int:
        """An order paid from the wallet, which the vendor has taken through these statuses."""
        fill_cart(self.resident, self.shop, Rice=pieces)
        order_id = int(self.resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"])
        for status in statuses:
            self.shop.set_status(order_id, status)
        return order_id

    def cancel(self, order_id: int) -> requests.Response:
        return self.resident.raw("POST", f"/consumer/orders/{order_id}/cancel")

    def set_status(self, order_id: int, status: str) -> requests.Response:
        return self.shop.owner.raw("POST", f"/vendor/orders/{order_id}/status", json={"status": status})

    def holdings(self) -> Holdings:
        balance = float(self.resident.get("/consumer/wallet")["balance"])
        return Holdings(balance, self.shop.balance(), self.shop.stock("Rice"))

    def seen(self, order_id: int) -> str:
        """The order's status, which has to be the same on both sides."""
        mine = str(self.resident.get(f"/consumer/orders/{order_id}")["order"]["status"])
        assert self._theirs()[order_id]["status"] == mine
        return mine

    def assert_both_sides_agree(self) -> None:
        """Every order of the resident is in the shop's list, with the same status and amounts, and no other is."""
        mine = {order["order_id"]: order for order in _all(self.resident, "/consumer/order/history")}
        theirs = {order["order_id"]: order for order in _all(self.shop.owner, "/vendor/orders")}
        shown = ("status", "payment_status", "total_amount", "final_amount")
        assert {key: [order[name] for name in shown] for key, order in mine.items()} == {
            key: [order[name] for name in shown] for key, order in theirs.items() if order["customer"] in self._me
        }

    @property
    def _me(self) -> tuple[str, str]:
        return self.resident.phone, f"+91{self.resident.phone}"

    def _theirs(self) -> dict[int, dict[str, Any]]:
        return self.shop.orders()


def _all(phone: Phone, path: str) -> list[dict[str, Any]]:
    """Every page of a list of orders."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = phone.get(path, **cursor)
        found += page["orders"]
        if not page.get("next_cursor"):
            return found
        cursor = {"cursor": page["next_cursor"]}
