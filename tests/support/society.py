"""A society with a shop and residents, made through the public API: the ground most end-to-end tests stand on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from tests.support.client import Phone
from tests.support.waiting import until

CITY = "Pune"


@dataclass
class Shop:
    """A vendor with an open shop; `items` maps a title to its id."""

    owner: Phone
    shop_id: int
    items: dict[str, int]

    def orders(self, **filters: Any) -> dict[int, dict[str, Any]]:
        """The shop's orders by id, as the vendor sees them."""
        return {order["order_id"]: order for order in self.owner.get("/vendor/orders", **filters)["orders"]}

    def set_status(self, order_id: int, status: str, *, expect: int = 200) -> dict[str, Any]:
        return self.owner.post(f"/vendor/orders/{order_id}/status", {"status": status}, expect=expect)

    def balance(self) -> float:
        return float(self.owner.get("/vendor/wallet")["balance"])

    def stock(self, title: str) -> int:
        """What can still be sold of an item."""
        items = self.owner.get("/vendor/item/my")["data"]
        return int(next(item["quantity_in_stock"] for item in items if item["id"] == self.items[title]))


class Society:
    """A society of its own name, so that runs on one stack do not meet."""

    def __init__(self, url: str, *, patience_seconds: float = 0) -> None:
        self.url = url
        self.patience_seconds = patience_seconds
        self.name = f"Green Park {secrets.token_hex(4)}"

    def open_shop(self, **stock: int) -> Shop:
        """A vendor's shop with one item for each keyword: title=stock. Prices: 10.50, 21.00, 31.50, …"""
        owner = self._newcomer()
        owner.join("vendor", name="Asha Traders", city=CITY, society=self.name)
        owner.post(
            "/vendor/profile", {"business_type": "grocery", "business_name": "Asha Traders", "address": "Gate 2"}
        )
        owner.post("/vendor/shop", {"shop_name": "Asha General Store", "shop_type": "grocery", "delivers": True})
        items = {
            title: owner.post(
                "/vendor/item/add", {"title": title, "price": 10.5 * number, "quantity_in_stock": quantity}
            )["item_id"]
            for number, (title, quantity) in enumerate(stock.items(), start=1)
        }
        return Shop(owner, owner.get("/vendor/shop/my")["data"]["id"], items)

    def resident(self, *, money: float = 0) -> Phone:
        """A consumer of this society with so many rupees in the wallet."""
        phone = self._newcomer()
        phone.join("consumer", name="Ravi Kulkarni", city=CITY, society=self.name)
        phone.post("/consumer/onboarding", {"flat_number": "B-402"})
        if money:
            phone.post("/consumer/wallet/load", {"amount": money})
        return phone

    def _newcomer(self) -> Phone:
        return Phone(self.url, patience_seconds=self.patience_seconds)


def buy(resident: Phone, shop: Shop, **quantities: int) -> int:
    """An order by wallet that the vendor has, however busy the machine is; its id."""
    fill_cart(resident, shop, **quantities)
    confirmed = resident.post("/consumer/order/confirm", {"payment_mode": "wallet"}, expect=(200, 202))
    order_id = int(confirmed["order_id"])
    until(lambda: order_id in shop.orders(), seconds=20, what=f"the vendor has order {order_id}")
    return order_id


def fill_cart(resident: Phone, shop: Shop, **quantities: int) -> None:
    """Put so many of each named item into the resident's cart."""
    for title, quantity in quantities.items():
        resident.post("/consumer/cart/add", {"item_id": shop.items[title], "quantity": quantity})
