"""A vendor: answers orders, changes them, delivers, takes things back, restocks, withdraws."""

from __future__ import annotations

from typing import Any

from tests.chaos.book import paise
from tests.chaos.client import Client

AT_ONCE = 4
"""So many orders of a list are acted on before the next look."""
LOW_STOCK = 8
RESTOCK = 20


class Shopkeeper(Client):
    """Acts as the vendor of shop `shop_id`."""

    shop_id = 0

    def __init__(self, *who: Any) -> None:
        super().__init__(*who)
        self.items: list[int] = []

    def act(self) -> None:
        """Look at one of his lists, drawn by weight, and act on some of it."""
        acts = (self.answer, self.deliver, self.take_back, self.restock, self.withdraw, self.refresh)
        [act] = self.rng.choices(acts, weights=(52, 22, 10, 9, 4, 1))
        act()

    def answer(self) -> None:
        """Pending orders: accept, deliver at once, change, reject, cancel."""
        for order in self._orders("pending"):
            answers = ("accepted", "delivered", "modify", "rejected", "cancel", "chat")
            [answer] = self.rng.choices(answers, weights=(42, 27, 14, 8, 5, 4))
            self._do(answer, order)

    def deliver(self) -> None:
        """Accepted and confirmed ones."""
        for order in self._orders(self.rng.choice(("accepted", "confirmed"))):
            [answer] = self.rng.choices(("delivered", "modify", "cancel", "chat"), weights=(80, 10, 6, 4))
            self._do(answer, order)

    def take_back(self) -> None:
        """Complete what was accepted; decide about what was raised; sometimes take something back unasked."""
        for order in self._orders("return_accepted"):
            self._return(order, "complete", ("return_completed", "vendor"))
        for order in self._orders(self.rng.choice(("delivered", "return_completed"))):
            if any(known["status"] == "raised" for known in order["returns"]):
                if self.rng.random() < 0.7:
                    self._return(order, "accept", ("return_accepted", "vendor"))
                elif self._return(order, "reject", None):
                    self.books.enter(order["order_id"], "rejected_return", None)
            elif self.rng.random() < 0.1:
                self._initiate(order)

    def restock(self) -> None:
        """What runs low gets so many more: exactly so many, because a stock that moved meanwhile refuses it."""
        found = self.get("/vendor/item/my", limit=20)
        for item in (found or {}).get("data", ()):
            if item["quantity_in_stock"] < LOW_STOCK:
                wanted = {
                    "quantity_in_stock": item["quantity_in_stock"] + RESTOCK,
                    "stock_version": item["stock_version"],
                }
                if self.settle("restock", f"/vendor/item/update/{item['id']}", wanted).ok:
                    self.books.stocked[item["id"]] += RESTOCK

    def withdraw(self) -> None:
        found = self.get("/vendor/wallet")
        if found is not None and found["balance"] >= 20:
            amount = self.rng.randrange(10_00, paise(found["balance"])) / 100
            if self.settle("withdraw", "/vendor/wallet/withdraw", {"amount": amount}).ok:
                self.books.withdrawn_paise[self.shop_id] += paise(amount)

    def _orders(self, status: str) -> list[dict[str, Any]]:
        found = self.get("/vendor/orders", status=status, limit=3 * AT_ONCE)
        orders = list((found or {}).get("orders", ()))
        return self.rng.sample(orders, min(AT_ONCE, len(orders)))

    def _do(self, answer: str, order: dict[str, Any]) -> None:
        order_id = order["order_id"]
        if answer == "modify":
            self._modify(order)
        elif answer == "chat":
            self.say(f"/vendor/orders/{order_id}/message", order_id)
        elif answer == "cancel":
            if self.settle("vendor-cancel", f"/vendor/orders/{order_id}/cancel", {"reason": "Sold out"}).ok:
                self.books.enter(order_id, "move", ("cancelled", "vendor"))
        elif self.settle(answer, f"/vendor/orders/{order_id}/status", {"status": answer}).ok:
            self.books.enter(order_id, "move", (answer, "vendor"))

    def _modify(self, order: dict[str, Any]) -> None:
        line = self.rng.choice(order["items"])
        fewer = {line["item_id"]: self.rng.randrange(line["quantity"])}
        if len(order["items"]) == 1 and not fewer[line["item_id"]]:
            return  # nothing would be left of it
        wanted = {"modifications": [{"item_id": item, "quantity": number} for item, number in fewer.items()]}
        if self.settle("modify", f"/vendor/orders/{order['order_id']}/modify", wanted).ok:
            self.books.enter(order["order_id"], "proposal", fewer)

    def _return(self, order: dict[str, Any], verb: str, step: tuple[str, str] | None) -> bool:
        ended = self.settle(f"return-{verb}", f"/vendor/orders/{order['order_id']}/return/{verb}")
        if ended.ok and step is not None:
            self.books.enter(order["order_id"], "move", step)
        return ended.ok

    def _initiate(self, order: dict[str, Any]) -> None:
        line = self.rng.choice(order["items"])
        wanted = {"reason": "Recalled", "items": [{"item_id": line["item_id"], "quantity": 1}]}
        if self.settle("return-initiate", f"/vendor/orders/{order['order_id']}/return/initiate", wanted).ok:
            self.books.enter(order["order_id"], "asked_back", ("vendor", ((line["item_id"], 1),)))
            self.books.enter(order["order_id"], "move", ("return_accepted", "vendor"))
