"""Returns through the gateway: raised and accepted, rejected, initiated, and in steps until nothing is left.

Each with a wallet order and a cash order, without a commission and with one. After each step both sides agree on
statuses, timelines, money and stock; after the module both ledgers do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.books import assert_books_balance
from tests.support.client import Phone
from tests.support.society import Shop, Society, fill_cart
from tests.support.stack import Stack, running_stack

MONEY = 1000.0
RICE, TEA = 10.5, 21.0
"""What a piece costs; an order is 3 of the first and 2 of the second: 73.50."""
TOTAL = 3 * RICE + 2 * TEA
STOCK = 50


@pytest.fixture(scope="module", params=[0, 333], ids=["no commission", "3.33 %"])
def town(request: pytest.FixtureRequest) -> Iterator[tuple[Stack, int]]:
    """A platform that keeps so many basis points of what is delivered."""
    if request.param == 0:
        yield request.getfixturevalue("stack"), 0
        return
    with running_stack({"COMMISSION_BASIS_POINTS": str(request.param)}) as running:
        yield running, request.param
        assert_books_balance(running)


@pytest.fixture(params=["wallet", "cash"])
def bought(request: pytest.FixtureRequest, town: tuple[Stack, int]) -> Bought:
    stack, basis_points = town
    return buy(stack, request.param, basis_points)


def buy(stack: Stack, mode: str, basis_points: int = 0) -> Bought:
    """A delivered order of 3 Rice and 2 Tea, of two people who have no other."""
    society = Society(stack.url)
    shop, resident = society.open_shop(Rice=STOCK, Tea=STOCK), society.resident(money=MONEY)
    fill_cart(resident, shop, Rice=3, Tea=2)
    order_id = resident.post("/consumer/order/confirm", {"payment_mode": mode})["order_id"]
    shop.set_status(order_id, "delivered")
    found = Bought(resident, shop, order_id, mode, basis_points)
    found.stands("delivered", steps=["pending", "delivered"])
    return found


@dataclass
class Bought:
    """A delivered order, and both who have to do with it. `back` is what completed returns gave back, by title."""

    resident: Phone
    shop: Shop
    order_id: int
    mode: str
    basis_points: int

    def raise_return(self, *, expect: int = 200, **pieces: int) -> dict[str, Any]:
        path = f"/consumer/orders/{self.order_id}/return/raise"
        return self.resident.post(path, self._body(pieces), expect=expect)

    def vendor(self, verb: str, *, expect: int = 200, **pieces: int) -> dict[str, Any]:
        path = f"/vendor/orders/{self.order_id}/return/{verb}"
        return self.shop.owner.post(path, self._body(pieces) if pieces else None, expect=expect)

    def stands(
        self,
        status: str,
        *,
        steps: list[str],
        returns: list[str] | None = None,
        rice: int = 0,
        tea: int = 0,
        payment: str = "paid",
    ) -> None:
        """Both sides say so, and so many pieces have come back with their money, all of it or none."""
        mine = self.resident.get(f"/consumer/orders/{self.order_id}")["order"]
        theirs = self.shop.orders()[self.order_id]
        expected = payment if self.mode == "wallet" else "paid"
        for order in (mine, theirs):
            assert (order["status"], order["payment_status"]) == (status, expected)
            assert (order["total_amount"], order["final_amount"]) == (TOTAL, TOTAL)
            assert [known["status"] for known in order["returns"]] == (returns or [])
        assert [step["status"] for step in mine["timeline"]] == steps
        refunds = [[known["refund"] for known in order["returns"]] for order in (mine, theirs)]
        assert refunds[0] == refunds[1]
        is_paid = self.mode == "wallet"
        back = (rice * RICE + tea * TEA) if is_paid else 0.0
        assert sum(refunds[0]) == back
        spent = TOTAL if is_paid else 0.0
        assert self.resident.get("/consumer/wallet")["balance"] == MONEY - spent + back
        kept_paise = round((spent - back) * 100)
        earned_paise = kept_paise - kept_paise * self.basis_points // 10_000
        assert round(self.shop.balance() * 100) == earned_paise
        assert (self.shop.stock("Rice"), self.shop.stock("Tea")) == (STOCK - 3 + rice, STOCK - 2 + tea)

    def _body(self, pieces: dict[str, int]) -> dict[str, Any]:
        items = [{"item_id": self.shop.items[title], "quantity": quantity} for title, quantity in pieces.items()]
        return {"reason": "Not as shown", "items": items}


DELIVERED = ["pending", "delivered"]
ONE_RETURN = [*DELIVERED, "return_accepted", "return_completed"]


def test_a_return_is_raised_accepted_and_completed(bought: Bought) -> None:
    bought.raise_return(Rice=1, Tea=1)
    bought.stands("delivered", steps=DELIVERED, returns=["raised"])
    assert bought.raise_return(Rice=1, expect=400)["error"] == "return_open"
    assert bought.vendor("complete", expect=400)["error"] == "illegal_move"
    bought.vendor("accept")
    bought.stands("return_accepted", steps=ONE_RETURN[:3], returns=["accepted"])
    for verb in ("accept", "reject"):
        assert "accepted" in bought.vendor(verb, expect=400)["message"]
    bought.vendor("complete")
    bought.stands(
        "return_completed", steps=ONE_RETURN, returns=["completed"], rice=1, tea=1, payment="partially_refunded"
    )
    assert bought.vendor("complete", expect=400)["message"].count("return_completed") == 2


def test_a_return_is_rejected_and_changes_nothing(bought: Bought) -> None:
    bought.raise_return(Rice=3, Tea=2)
    bought.vendor("reject")
    bought.stands("delivered", steps=DELIVERED, returns=["rejected"])
    assert bought.vendor("accept", expect=400)["error"] == "illegal_move"
    bought.raise_return(Rice=1)
    bought.stands("delivered", steps=DELIVERED, returns=["rejected", "raised"])


def test_a_vendor_takes_everything_back_unasked(bought: Bought) -> None:
    bought.vendor("initiate", Rice=3, Tea=2)
    bought.stands("return_accepted", steps=ONE_RETURN[:3], returns=["accepted"])
    assert bought.raise_return(Rice=1, expect=400)["error"] == "return_open"
    bought.vendor("complete")
    bought.stands("return_completed", steps=ONE_RETURN, returns=["completed"], rice=3, tea=2, payment="refunded")


def test_partial_returns_follow_each_other_until_nothing_is_left(bought: Bought) -> None:
    rice, tea, steps, done = 0, 0, DELIVERED, 0
    for pieces in ({"Rice": 1}, {"Tea": 1, "Rice": 1}, {"Tea": 1}, {"Rice": 1}):
        if done % 2:
            bought.vendor("initiate", **pieces)
        else:
            bought.raise_return(**pieces)
            bought.vendor("accept")
        bought.vendor("complete")
        rice, tea, done = rice + pieces.get("Rice", 0), tea + pieces.get("Tea", 0), done + 1
        steps = [*steps, "return_accepted", "return_completed"]
        payment = "refunded" if (rice, tea) == (3, 2) else "partially_refunded"
        bought.stands(
            "return_completed", steps=steps, returns=["completed"] * done, rice=rice, tea=tea, payment=payment
        )
    assert bought.raise_return(Rice=1, expect=400)["error"] == "more_than_delivered"
    assert bought.vendor("initiate", Tea=1, expect=400)["error"] == "more_than_delivered"
    kinds = [move["type"] for move in bought.resident.get("/consumer/wallet/history")["transactions"]]
    assert kinds == (["refund"] * 4 + ["debit", "recharge"] if bought.mode == "wallet" else ["recharge"])


def test_before_the_delivery_nothing_can_come_back(stack: Stack) -> None:
    society = Society(stack.url)
    shop, resident = society.open_shop(Rice=STOCK, Tea=STOCK), society.resident(money=MONEY)
    fill_cart(resident, shop, Rice=1)
    order_id = resident.post("/consumer/order/confirm")["order_id"]
    early = Bought(resident, shop, order_id, "cash", 0)
    for said in (early.raise_return(Rice=1, expect=400), early.vendor("initiate", Rice=1, expect=400)):
        assert said["error"] == "illegal_move"
        assert "pending" in said["message"] and "return_accepted" in said["message"]


def test_one_person_cannot_return_another_ones_order(stack: Stack) -> None:
    society = Society(stack.url)
    shop, resident, neighbour = society.open_shop(Rice=STOCK, Tea=STOCK), society.resident(), society.resident()
    fill_cart(resident, shop, Rice=1)
    order_id = resident.post("/consumer/order/confirm")["order_id"]
    shop.set_status(order_id, "delivered")
    assert Bought(neighbour, shop, order_id, "cash", 0).raise_return(Rice=1, expect=403)["error"] == "not_your_order"
    other = society.open_shop(Rice=STOCK)
    stranger = Bought(resident, Shop(other.owner, other.shop_id, shop.items), order_id, "cash", 0)
    for verb in ("accept", "reject", "complete"):
        stranger.vendor(verb, expect=403)
    assert stranger.vendor("initiate", Rice=1, expect=403)["error"] == "not_your_order"
