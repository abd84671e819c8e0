"""What the two sides of an order say to each other: messages, ratings, issues; through the gateway."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.support.at_once import at_once
from tests.support.client import Phone
from tests.support.society import Shop, Society, fill_cart
from tests.support.stack import Stack
from tests.support.waiting import until

PATIENCE_SECONDS = 20.0


def open_society(stack: Stack) -> tuple[Shop, Phone]:
    """A shop that sells rice, and a resident with 500 rupees; both wait where a part is on its way back."""
    society = Society(stack.url, patience_seconds=PATIENCE_SECONDS)
    return society.open_shop(Rice=50), society.resident(money=500)


def buy(resident: Phone, shop: Shop, *, delivered: bool = False) -> int:
    fill_cart(resident, shop, Rice=1)
    order_id = int(resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"])
    if delivered:
        shop.set_status(order_id, "delivered")
    return order_id


def conversation(who: Phone, side: str, order_id: int) -> list[dict[str, Any]]:
    """What was said about the order, newest first, as `side` sees it."""
    found: list[dict[str, Any]] = who.get(f"/{side}/orders/{order_id}/messages")["messages"]
    return found


def told_on_both_sides(resident: Phone, shop: Shop, order_id: int) -> list[tuple[str, str]]:
    """(phone, text) of what was said about the order, newest first; the same for both, but for the ids."""
    here, there = conversation(resident, "consumer", order_id), conversation(shop.owner, "vendor", order_id)
    for said in (*here, *there):
        assert said.pop("id") > 0
    assert here == there
    return [(said["sender_phone"], said["message"]) for said in here]


def test_both_sides_see_the_same_conversation_at_once(stack: Stack) -> None:
    shop, resident = open_society(stack)
    order_id = buy(resident, shop)
    assert told_on_both_sides(resident, shop, order_id) == [], "placing leaves no message"
    resident.post(f"/consumer/orders/{order_id}/message", {"message": "Is it fresh? 😀"})
    shop.owner.post(f"/vendor/orders/{order_id}/message", {"message": "Of today"})
    resident.post(f"/consumer/orders/{order_id}/message", {"message": "Good"})
    consumer, vendor = f"+91{resident.phone}", f"+91{shop.owner.phone}"
    assert told_on_both_sides(resident, shop, order_id) == [
        (consumer, "Good"),
        (vendor, "Of today"),
        (consumer, "Is it fresh? 😀"),
    ]


def test_what_is_said_while_the_other_side_is_down_arrives_later_and_once(stack: Stack) -> None:
    shop, resident = open_society(stack)
    order_id = buy(resident, shop)
    with stack.stopped("vendor"):
        resident.post(f"/consumer/orders/{order_id}/message", {"message": "Hello?"})
        assert len(conversation(resident, "consumer", order_id)) == 1
    arrived = "the shop reads it"
    until(lambda: bool(conversation(shop.owner, "vendor", order_id)), seconds=PATIENCE_SECONDS, what=arrived)
    assert told_on_both_sides(resident, shop, order_id) == [(f"+91{resident.phone}", "Hello?")]


@pytest.mark.parametrize("by", ["consumer", "vendor"])
def test_a_cancel_leaves_one_message_on_both_sides_from_who_cancelled(stack: Stack, by: str) -> None:
    shop, resident = open_society(stack)
    order_id = buy(resident, shop)
    who = resident if by == "consumer" else shop.owner
    who.post(f"/{by}/orders/{order_id}/cancel", {"reason": "Changed my mind"})
    who.post(f"/{by}/orders/{order_id}/cancel", expect=400)
    expected = [(f"+91{who.phone}", "The order was cancelled: Changed my mind")]
    assert told_on_both_sides(resident, shop, order_id) == expected


def test_of_two_cancels_at_once_one_leaves_its_message(stack: Stack) -> None:
    shop, resident = open_society(stack)
    for _ in range(4):
        order_id = buy(resident, shop)
        answers = at_once(
            partial(resident.raw, "POST", f"/consumer/orders/{order_id}/cancel"),
            partial(shop.owner.raw, "POST", f"/vendor/orders/{order_id}/cancel"),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 400]
        winner = resident if answers[0].status_code == 200 else shop.owner
        assert told_on_both_sides(resident, shop, order_id) == [(f"+91{winner.phone}", "The order was cancelled")]


def test_a_cancel_that_the_relay_finishes_leaves_its_message_once(stack: Stack) -> None:
    shop, resident = open_society(stack)
    order_id = buy(resident, shop)
    with stack.stopped("vendor"):
        resident.post(f"/consumer/orders/{order_id}/cancel", expect=202)
        assert conversation(resident, "consumer", order_id) == []
    decided = "the vendor has decided"
    until(lambda: bool(conversation(resident, "consumer", order_id)), seconds=PATIENCE_SECONDS, what=decided)
    assert told_on_both_sides(resident, shop, order_id) == [(f"+91{resident.phone}", "The order was cancelled")]


def test_a_delivered_order_is_rated_once_and_the_shops_average_follows(stack: Stack) -> None:
    shop, resident = open_society(stack)
    pending = buy(resident, shop)
    resident.post(f"/consumer/orders/{pending}/rate", {"rating": 5}, expect=400)
    assert resident.get("/consumer/shops")["shops"][0]["rating"] is None
    for rating, average in ((5, 5), (2, 3.5)):
        order_id = buy(resident, shop, delivered=True)
        rated = resident.post(f"/consumer/orders/{order_id}/rate", {"rating": rating, "review": "Fine"})["rating"]
        assert rated == {"order_id": order_id, "rating": rating, "review": "Fine"}
        assert resident.get(f"/consumer/orders/{order_id}")["order"]["rating"] == rated
        assert resident.get("/consumer/shops")["shops"][0]["rating"] == average
        resident.post(f"/consumer/orders/{order_id}/rate", {"rating": 1}, expect=400)
    assert resident.get("/consumer/shops")["shops"][0]["rating"] == 3.5


def test_an_issue_is_raised_answered_and_read(stack: Stack) -> None:
    shop, resident = open_society(stack)
    order_id = buy(resident, shop)
    issue = {"issue_type": "damaged item", "description": "The bag was torn"}
    resident.post(f"/consumer/orders/{order_id}/issue", issue, expect=400)
    shop.set_status(order_id, "delivered")
    issue_id = resident.post(f"/consumer/orders/{order_id}/issue", issue)["issue_id"]
    ((phone, text),) = told_on_both_sides(resident, shop, order_id)
    assert phone == f"+91{resident.phone}" and "damaged item" in text
    (listed,) = shop.owner.get("/vendor/orders/issues", order_id=order_id)["issues"]
    assert (listed["id"], listed["status"], listed["user_phone"]) == (issue_id, "raised", phone)
    shop.owner.post(f"/vendor/orders/issues/{issue_id}/resolve", {"answer": "A new one comes today"})
    shop.owner.post(f"/vendor/orders/issues/{issue_id}/resolve", {"answer": "Never"}, expect=400)
    (shown,) = resident.get(f"/consumer/orders/{order_id}")["order"]["issues"]
    assert (shown["id"], shown["status"], shown["answer"]) == (issue_id, "resolved", "A new one comes today")


def test_strangers_are_kept_out_of_all_of_it(stack: Stack) -> None:
    shop, resident = open_society(stack)
    order_id = buy(resident, shop, delivered=True)
    issue = {"issue_type": "late", "description": "Two hours"}
    issue_id = resident.post(f"/consumer/orders/{order_id}/issue", issue)["issue_id"]
    other_shop, neighbour = open_society(stack)
    for path, body in (("message", {"message": "x"}), ("rate", {"rating": 5}), ("issue", issue)):
        neighbour.post(f"/consumer/orders/{order_id}/{path}", body, expect=403)
    neighbour.get(f"/consumer/orders/{order_id}/messages", expect=403)
    other_shop.owner.get(f"/vendor/orders/{order_id}/messages", expect=403)
    other_shop.owner.post(f"/vendor/orders/{order_id}/message", {"message": "x"}, expect=403)
    other_shop.owner.get("/vendor/orders/issues", order_id=order_id, expect=403)
    other_shop.owner.post(f"/vendor/orders/issues/{issue_id}/resolve", {"answer": "x"}, expect=403)
