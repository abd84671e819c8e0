"""A resident: fills carts, orders, changes his mind, answers changes, sends things back, chats, rates."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from tests.chaos.book import AWAITING, OrderBook, paise
from tests.chaos.client import LINGERING_SECONDS, Client
from tests.chaos.newcomer import see_a_newcomer_in_and_out

LOAD_RUPEES = 1000
SEEN_ORDERS = 8


@dataclass(frozen=True)
class ShopSeen:
    """A shop as residents know it."""

    shop_id: int
    items: tuple[int, ...]


class Resident(Client):
    """Acts as a consumer. `shops` is the market, shared by all."""

    shops: tuple[ShopSeen, ...] = ()
    city, society = "", ""
    _cart_is_clean = False
    _cart_rests_until = 0.0

    def act(self) -> None:
        """One thing, drawn by weight; reactions to the newest orders are drawn by their state."""
        acts = (self.order, self.look, self.load, self.refresh, self.bring_a_newcomer)
        [act] = self.rng.choices(acts, weights=(55, 36, 3, 3, 3))
        act()

    def load(self) -> None:
        amount = LOAD_RUPEES + self.rng.randrange(100) / 4
        if self.settle("load", "/consumer/wallet/load", {"amount": amount}).ok:
            self.books.loaded_paise[self.name] += paise(amount)

    def bring_a_newcomer(self) -> None:
        see_a_newcomer_in_and_out(self.phone.url, self.city, self.society, self.tally)

    def order(self) -> None:
        """Fill the cart and confirm it. A cart of which nothing certain is known rests until that can have ended."""
        if time.monotonic() < self._cart_rests_until:
            return
        shop = self.rng.choice(self.shops)
        wanted = {item: self.rng.randint(1, 3) for item in self.rng.sample(shop.items, self.rng.randint(1, 2))}
        filled = self._fill_cart(wanted)
        if filled is not True:
            self._cart_is_clean = False
            if filled is None:
                self._cart_rests_until = time.monotonic() + LINGERING_SECONDS
            return
        self._cart_is_clean = False
        self._confirm(shop, wanted, self.rng.choices(("wallet", "cash"), weights=(70, 30))[0])

    def _fill_cart(self, wanted: dict[int, int]) -> bool | None:
        """True: the cart holds just that. False: it was refused. None: who knows."""
        calls: list[tuple[str, Any]] = [] if self._cart_is_clean else [("/consumer/cart/clear", None)]
        calls += [("/consumer/cart/add", {"item_id": item, "quantity": number}) for item, number in wanted.items()]
        for path, body in calls:
            status, _ = self._try("POST", path, body, None)
            if status == 0 or status >= 500:
                self.tally.count(self.tally.unknown, "cart")
                return None
            self.tally.count(self.tally.ended, ("cart", "ok" if status == 200 else "failed"))
            if status != 200:
                return False
        return True

    def _confirm(self, shop: ShopSeen, wanted: dict[int, int], mode: str) -> None:
        named: set[int] = set()
        cancels_at_once = self.rng.random() < 0.5

        def later(answer: dict[str, Any]) -> None:
            order_id = int(answer["order_id"])
            if order_id not in named and cancels_at_once:
                named.add(order_id)
                self.cancel(order_id)

        ended = self.settle("order", "/consumer/order/confirm", {"payment_mode": mode}, later)
        if ended.ok:
            order_id = int(ended.body["order_id"])
            self.books.placed(order_id, OrderBook(self.name, shop.shop_id, mode, wanted), time.time())
            self._cart_is_clean = True
        elif ended.word == "insufficient_balance":
            self.load()

    def look(self) -> None:
        """Read the newest orders and react to one of them; a change that waits for an answer comes first."""
        seen = self.get("/consumer/order/history", limit=SEEN_ORDERS)
        orders = [order for order in (seen or {}).get("orders", ()) if order["order_id"] in self.books.orders]
        if not orders:
            return
        waiting = [order for order in orders if order["status"] == AWAITING]
        order = self.rng.choice(waiting or orders)
        order_id, status = order["order_id"], order["status"]
        if status == AWAITING:
            if self.rng.random() < 0.75:
                self.confirm_change(order_id)
            else:
                self.cancel(order_id)
        elif status in ("pending", "accepted", "confirmed"):
            self._perhaps((0.25, lambda: self.cancel(order_id)), (0.15, lambda: self._chat(order_id)))
        elif status in ("delivered", "return_completed"):
            self._perhaps(
                (0.3, lambda: self.raise_return(order)),
                (0.15, lambda: self.rate(order_id)),
                (0.1, lambda: self._chat(order_id)),
            )

    def _perhaps(self, *acts: tuple[float, Any]) -> None:
        drawn = self.rng.random()
        for chance, act in acts:
            if drawn < chance:
                act()
                return
            drawn -= chance

    def _chat(self, order_id: int) -> None:
        self.say(f"/consumer/orders/{order_id}/message", order_id)

    def cancel(self, order_id: int) -> None:
        if self.settle("cancel", f"/consumer/orders/{order_id}/cancel", {"reason": "Changed my mind"}).ok:
            self.books.enter(order_id, "move", ("cancelled", "consumer"))

    def confirm_change(self, order_id: int) -> None:
        if self.settle("confirm-change", f"/consumer/orders/{order_id}/confirm-modified").ok:
            self.books.enter(order_id, "move", ("confirmed", "consumer"))

    def raise_return(self, order: dict[str, Any]) -> None:
        line = self.rng.choice(order["items"])
        pieces = [{"item_id": line["item_id"], "quantity": self.rng.randint(1, line["quantity"])}]
        path = f"/consumer/orders/{order['order_id']}/return/raise"
        if self.settle("return-raise", path, {"reason": "Not what I wanted", "items": pieces}).ok:
            asked = ("consumer", ((pieces[0]["item_id"], pieces[0]["quantity"]),))
            self.books.enter(order["order_id"], "asked_back", asked)

    def rate(self, order_id: int) -> None:
        rating = self.rng.randint(1, 5)
        if self.settle("rate", f"/consumer/orders/{order_id}/rate", {"rating": rating}).ok:
            self.books.enter(order_id, "rating", rating)
