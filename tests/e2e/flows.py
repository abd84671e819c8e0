"""What may happen to an order, act by act, and how everything must stand after each: the ground of the journeys' table.

An act does one thing through the public API as the one whose it is, and says in `Expected` what that changes; after
each act both sides are read and compared with it, down to the paisa and the piece. A new kind of act is one more
function here; what it changes that nothing here knows of yet is one more field of `Expected` and one more line in
`Flow.check`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from tests.support.client import Phone
from tests.support.clock import let_time_run_out
from tests.support.society import Shop, fill_cart
from tests.support.stack import Stack
from tests.support.waiting import until

PaymentMode = Literal["cash", "wallet"]
Pieces = dict[str, int]

PRICES = {"Rice": 10.5, "Tea": 21.0}
ORDERED: Pieces = {"Rice": 4, "Tea": 1}  # 63.00
AWAITING = "awaiting_consumer_confirmation"
SETTLING_SECONDS = 15


def cost(pieces: Pieces) -> float:
    return sum(PRICES[title] * quantity for title, quantity in pieces.items())


@dataclass
class Expected:
    """How an order and what it moves must stand; plain arithmetic, no code of the platform is asked.

    `charged` are the pieces paid for and held, `proposed` those that the vendor asks the consumer to take instead.
    """

    mode: PaymentMode
    status: str = "pending"
    charged: Pieces = field(default_factory=lambda: dict(ORDERED))
    proposed: Pieces | None = None
    timeline: list[tuple[str, str]] = field(default_factory=lambda: [("pending", "consumer")])

    def moved(self, status: str, by: str) -> None:
        self.status = status
        self.proposed = None
        self.timeline.append((status, by))

    @property
    def is_undone(self) -> bool:
        return self.status in ("cancelled", "rejected")

    @property
    def shown(self) -> Pieces:
        pieces = self.charged if self.proposed is None else self.proposed
        return {title: quantity for title, quantity in pieces.items() if quantity}

    @property
    def paid(self) -> float:
        """What the order has cost the consumer's wallet by now."""
        return 0 if self.mode == "cash" or self.is_undone else cost(self.charged)

    @property
    def earned(self) -> float:
        """What it has brought the vendor's wallet."""
        return self.paid if self.status == "delivered" else 0

    @property
    def taken(self) -> Pieces:
        """What can no longer be sold because of it."""
        return dict.fromkeys(PRICES, 0) if self.is_undone else {title: self.charged.get(title, 0) for title in PRICES}

    @property
    def speakers(self) -> list[str]:
        """Who has left a message in the chat by acting, newest first."""
        return [by for status, by in reversed(self.timeline) if status in (AWAITING, "confirmed", "cancelled")]

    @property
    def payment_status(self) -> str:
        if self.mode == "cash":
            return "paid" if self.status == "delivered" else "unpaid"
        return "refunded" if self.is_undone else "paid"


class Market:
    """A shop and a resident of its society, for any number of journeys one after the other."""

    def __init__(self, stack: Stack, shop: Shop, resident: Phone) -> None:
        self.stack = stack
        self.shop = shop
        self.resident = resident

    def standing(self) -> tuple[float, float, Pieces]:
        """(the consumer's balance, the vendor's, what can be sold)."""
        stock = {title: self.shop.stock(title) for title in PRICES}
        return float(self.resident.get("/consumer/wallet")["balance"]), self.shop.balance(), stock


class Flow:
    """One order on its way through a journey."""

    def __init__(self, market: Market, mode: PaymentMode) -> None:
        self.market = market
        self.expected = Expected(mode)
        self._before = market.standing()
        fill_cart(market.resident, market.shop, **ORDERED)
        body = {"payment_mode": mode}
        self.order_id = int(market.resident.post("/consumer/order/confirm", body, expect=(200, 202))["order_id"])
        self.check()

    def as_consumer(self, verb: str, body: object = None, *, expect: int = 200) -> dict[str, Any]:
        return self.market.resident.post(f"/consumer/orders/{self.order_id}/{verb}", body, expect=expect)

    def as_vendor(self, verb: str, body: object = None, *, expect: int = 200) -> dict[str, Any]:
        return self.market.shop.owner.post(f"/vendor/orders/{self.order_id}/{verb}", body, expect=expect)

    def consumers_view(self) -> dict[str, Any]:
        found: dict[str, Any] = self.market.resident.get(f"/consumer/orders/{self.order_id}")["order"]
        return found

    def check(self) -> None:
        """Both sides, both wallets and the stock are as expected."""
        until(
            lambda: self._timeline() == self.expected.timeline,
            seconds=SETTLING_SECONDS,
            what=f"order {self.order_id} stands at {self.expected.timeline}, not {self._timeline()}",
        )
        [listed] = self.market.resident.get("/consumer/order/history", limit=1)["orders"]
        for order in (self.consumers_view(), listed, self.market.shop.orders(limit=1)[self.order_id]):
            assert order["order_id"] == self.order_id
            self._check_view(order)
        assert listed["item_count"] == len(self.expected.shown)
        self._check_chat()
        paid, earned, stock = self._before
        wanted = (
            paid - self.expected.paid,
            earned + self.expected.earned,
            {title: stock[title] - quantity for title, quantity in self.expected.taken.items()},
        )
        assert self.market.standing() == wanted

    def _timeline(self) -> list[tuple[str, str]]:
        return [(step["status"], step["by"]) for step in self.consumers_view()["timeline"]]

    def _check_chat(self) -> None:
        """Both sides read the same, and each act left what it leaves."""
        resident, owner = self.market.resident, self.market.shop.owner
        here = resident.get(f"/consumer/orders/{self.order_id}/messages")["messages"]
        there = owner.get(f"/vendor/orders/{self.order_id}/messages")["messages"]
        for said in (*here, *there):
            del said["id"]  # each side has its own
        assert here == there
        phones = {"consumer": f"+91{resident.phone}", "vendor": f"+91{owner.phone}", "timer": ""}
        assert [said["sender_phone"] for said in here] == [phones[by] for by in self.expected.speakers]

    def _check_view(self, order: dict[str, Any]) -> None:
        expected = self.expected
        assert (order["status"], order["payment_status"]) == (expected.status, expected.payment_status)
        assert (order["total_amount"], order["final_amount"]) == (cost(expected.charged), cost(expected.shown))
        assert {line["name"]: (line["quantity"], line["unit_price"], line["subtotal"]) for line in order["items"]} == {
            title: (quantity, PRICES[title], PRICES[title] * quantity) for title, quantity in expected.shown.items()
        }


Act = Callable[[Flow], None]


def refused_again(flow: Flow, verb: Callable[..., dict[str, Any]], to: str) -> None:
    """The same move once more is 400 and names both states."""
    refused = verb(expect=400)
    assert refused["error"] == "illegal_move"
    assert refused["message"] == f"An order that is {flow.expected.status} cannot become {to}"


def set_status(status: str) -> Act:
    """The vendor accepts, rejects or delivers."""

    def act(flow: Flow) -> None:
        verb = partial(flow.as_vendor, "status", {"status": status})
        verb()
        flow.expected.moved(status, "vendor")
        refused_again(flow, verb, status)

    return act


accept, reject, deliver = set_status("accepted"), set_status("rejected"), set_status("delivered")


def modify(**pieces: int) -> Act:
    """The vendor proposes so many pieces."""

    def act(flow: Flow) -> None:
        items = flow.market.shop.items
        wanted = [{"item_id": items[title], "quantity": quantity} for title, quantity in pieces.items()]
        verb = partial(flow.as_vendor, "modify", {"modifications": wanted})
        answer = verb()
        flow.expected.moved(AWAITING, "vendor")
        flow.expected.proposed = {**flow.expected.charged, **pieces}
        assert answer["new_total"] == cost(flow.expected.proposed)
        refused_again(flow, verb, AWAITING)

    return act


def confirm(flow: Flow) -> None:
    """The consumer takes what is proposed."""
    proposed, before = flow.expected.proposed, flow.expected.paid
    assert proposed is not None
    verb = partial(flow.as_consumer, "confirm-modified")
    answer = verb()
    flow.expected.moved("confirmed", "consumer")
    flow.expected.charged = proposed
    assert answer["refund"] == before - flow.expected.paid
    refused_again(flow, verb, "confirmed")


def consumer_cancels(flow: Flow) -> None:
    _cancel(flow, flow.as_consumer, "consumer")


def vendor_cancels(flow: Flow) -> None:
    _cancel(flow, flow.as_vendor, "vendor")


def _cancel(flow: Flow, side: Callable[..., dict[str, Any]], by: str) -> None:
    refund = flow.expected.paid
    verb = partial(side, "cancel", {"reason": "Changed my mind"})
    assert verb()["refund"] == refund
    flow.expected.moved("cancelled", by)
    refused_again(flow, verb, "cancelled")


def time_out(flow: Flow) -> None:
    """Nobody answers: the vendor service's timer ends it."""
    let_time_run_out(flow.market.stack, flow.order_id)
    flow.expected.moved("cancelled", "timer")
