"""Cancelling: the vendor's row decides, the money comes back with its word."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.consumer.people import World


@pytest.mark.parametrize(("mode", "refund"), [("wallet", 21), ("cash", 0)])
@pytest.mark.parametrize("accepted", [False, True])
def test_an_order_that_is_not_delivered_can_be_cancelled(world: World, mode: str, refund: int, accepted: bool) -> None:
    world.resident.load(100)
    order_id = world.placed(mode)
    if accepted:
        world.vendor.move_and_tell(order_id, "accepted")
    answer = world.resident.cancel(order_id, reason="Too late")
    assert answer.keys() == {"status", "message", "refund"}
    assert answer["refund"] == refund
    order = world.resident.order(order_id)
    assert (order["status"], order["timeline"][-1]["by"]) == ("cancelled", "consumer")
    assert (world.resident.balance(), world.vendor.items[world.rice].in_stock) == (100, 50)
    assert world.resident.cart() == [], "a cancelled order is no cart"


@pytest.mark.parametrize("end", ["delivered", "cancelled", "rejected"])
def test_an_order_that_is_final_is_400_without_asking_the_vendor(world: World, end: Any) -> None:
    order_id = world.placed("cash")
    world.vendor.move_and_tell(order_id, end)
    world.vendor.is_away = True
    refused = world.resident.cancel(order_id, expect=400)
    assert refused["error"] == "illegal_move"
    assert end in refused["message"] and "cancelled" in refused["message"]
    assert world.wire.sent[f"cancel:{order_id}"] == 0


def test_the_same_cancel_twice_is_400_that_names_both_states(world: World) -> None:
    order_id = world.placed("cash")
    world.resident.cancel(order_id)
    assert world.resident.cancel(order_id, expect=400)["message"].count("cancelled") == 2


@pytest.mark.parametrize("end", ["delivered", "rejected", "cancelled"])
def test_a_move_of_the_vendor_that_was_faster_decides(world: World, end: Any) -> None:
    world.resident.load(100)
    order_id = world.placed()
    untold = world.vendor.move(order_id, end)
    refused = world.resident.cancel(order_id, expect=400)
    assert refused["error"] == "illegal_move" and end in refused["message"]
    assert world.resident.status(order_id) == end, "the reply told how the order stands"
    assert world.resident.balance() == (79 if end == "delivered" else 100)
    assert world.vendor.tell(untold) == (2100 if end == "delivered" else 0)
    assert world.resident.balance() == (79 if end == "delivered" else 100)


def test_with_the_vendor_away_it_is_202_and_the_relay_finishes(world: World) -> None:
    world.resident.load(100)
    order_id = world.placed()
    world.vendor.is_away = True
    answer = world.resident.cancel(order_id, expect=202)
    assert answer["refund"] is None
    assert (world.resident.status(order_id), world.resident.balance()) == ("pending", 79)
    world.resident.cancel(order_id, expect=202, reason="another one")
    world.vendor.is_away = False
    world.relay_until(lambda: world.resident.status(order_id) == "cancelled", "the relay asks the vendor")
    assert world.resident.balance() == 100
    world.resident.cancel(order_id, expect=400)


def test_a_lost_reply_is_202_and_the_relay_hears_it_again(world: World) -> None:
    world.resident.load(100)
    order_id = world.placed()
    world.wire.loses_replies = 1
    answer = world.resident.cancel(order_id, key="cancel-1", expect=202)
    assert answer == {"status": "success", "message": answer["message"], "refund": None}
    assert world.vendor.history[order_id][-1].status == "cancelled"
    world.relay_until(lambda: world.resident.status(order_id) == "cancelled", "the relay asks again")
    assert world.resident.cancel(order_id, key="cancel-1")["refund"] == 21, "the key's answer is the outcome"
    assert world.resident.movements() == [("refund", 21), ("debit", 21), ("recharge", 100)]


def test_a_cancel_that_turns_out_to_be_too_late_changes_nothing_and_frees_its_key(world: World) -> None:
    world.resident.load(100)
    order_id = world.placed()
    world.vendor.is_away = True
    world.resident.cancel(order_id, key="cancel-1", expect=202)
    world.vendor.move(order_id, "delivered")
    world.vendor.is_away = False
    world.relay_until(lambda: world.resident.status(order_id) == "delivered", "the relay hears that it is delivered")
    refused = world.resident.cancel(order_id, key="cancel-1", expect=400)
    assert refused["error"] == "illegal_move" and "delivered" in refused["message"]
    world.resident.cancel(order_id, key="cancel-1", reason="another body", expect=400)
    assert world.resident.movements() == [("debit", 21), ("recharge", 100)]


def test_an_order_cancelled_before_it_arrived_is_never_placed(world: World) -> None:
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=2)
    world.vendor.is_away = True
    order_id = world.resident.confirm(expect=202)["order_id"]
    world.vendor.is_away = False
    assert world.resident.cancel(order_id)["refund"] == 21
    with world.relaying():
        world.resident.get("/consumer/wallet")
    world.relay_until(lambda: world.wire.sent[f"place:{order_id}"] > 1, "the relay sends the order after all")
    assert world.resident.status(order_id) == "cancelled"
    assert (world.resident.balance(), world.vendor.items[world.rice].in_stock) == (100, 50)
    assert world.vendor.told == {}


def test_cancelling_what_turns_out_to_have_been_refused_is_404_and_gives_everything_back(world: World) -> None:
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=2)
    world.vendor.change(world.rice, in_stock=0)
    world.wire.loses_replies = 1
    order_id = world.resident.confirm(expect=202)["order_id"]
    assert world.resident.cancel(order_id, expect=404)["error"] == "order_not_found"
    assert (world.resident.balance(), len(world.resident.cart())) == (100, 1)


def test_a_key_gives_the_first_answer_again(world: World) -> None:
    world.resident.load(100)
    order_id = world.placed()
    first = world.resident.cancel(order_id, key="cancel-1")
    assert world.resident.cancel(order_id, key="cancel-1") == first
    world.resident.cancel(order_id, key="cancel-1", reason="other", expect=409)
    assert world.resident.movements()[0] == ("refund", 21)


def test_a_refused_cancel_is_not_stored_for_its_key(world: World) -> None:
    order_id = world.placed("cash")
    world.vendor.move(order_id, "delivered")
    world.resident.cancel(order_id, key="cancel-1", expect=400)
    world.resident.cancel(order_id, key="cancel-1", reason="another body", expect=400)


@pytest.mark.parametrize("reason", [None, 5, "x" * 501, ["no"]])
def test_a_bad_reason_is_400_and_cancels_nothing(world: World, reason: object) -> None:
    order_id = world.placed("cash")
    world.resident.post(f"/consumer/orders/{order_id}/cancel", {"reason": reason}, expect=400)
    assert world.resident.status(order_id) == "pending"
    world.resident.post(f"/consumer/orders/{order_id}/cancel", None)
