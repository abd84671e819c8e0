"""The three transactions of an order, with whatever may go wrong between the services (DESIGN.md §6)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from habrio_shared import faults
from tests.integration.consumer.people import World

SETTLING = "shared.outbox.deliver.before_commit"


def steps(world: World, order_id: int) -> list[tuple[str, str]]:
    return [(step["status"], step["by"]) for step in world.resident.order(order_id)["timeline"]]


@contextmanager
def struck(point: str) -> Iterator[None]:
    faults.arm(faults.parse(f"{point}:raise"))
    try:
        yield
    finally:
        faults.arm([])


def with_order_in_flight(world: World, *, quantity: int = 2) -> int:
    """An order (wallet, 100 rupees loaded) that the vendor does not know of: it is away."""
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=quantity)
    world.vendor.is_away = True
    return int(world.resident.confirm(expect=202)["order_id"])


def test_with_the_vendor_away_the_order_is_taken_and_finished_later(world: World) -> None:
    order_id = with_order_in_flight(world)
    order = world.resident.order(order_id)
    assert (order["status"], order["payment_status"], order["timeline"]) == ("pending", "paid", [])
    assert world.resident.orders() == [order_id]
    assert (world.resident.balance(), world.resident.cart()) == (79, [])
    world.vendor.is_away = False
    world.relay_until(lambda: bool(steps(world, order_id)), "the relay places the order")
    assert steps(world, order_id) == [("pending", "consumer")]


def test_a_lost_reply_is_202_and_the_relay_finishes_without_a_second_order(world: World) -> None:
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=2)
    world.wire.loses_replies = 1
    order_id = world.resident.confirm(expect=202)["order_id"]
    assert list(world.vendor.told) == [order_id]
    world.relay_until(lambda: bool(steps(world, order_id)), "the relay fetches the reply")
    assert (world.vendor.items[world.rice].in_stock, world.resident.balance()) == (48, 79)
    assert len(world.vendor.history[order_id]) == 1


def test_an_order_refused_while_nobody_waits_gives_cart_and_money_back(world: World) -> None:
    order_id = with_order_in_flight(world)
    world.vendor.is_away = False
    world.vendor.change(world.rice, in_stock=0)
    world.relay_until(lambda: world.resident.orders() == [], "the relay hears the refusal")
    assert (world.resident.balance(), [line["quantity"] for line in world.resident.cart()]) == (100, [2])
    world.resident.get(f"/consumer/orders/{order_id}", expect=404)


def test_a_new_cart_is_not_mixed_with_that_of_a_refused_order_which_says_what_it_was(world: World) -> None:
    order_id = with_order_in_flight(world)
    world.vendor.is_away = False
    world.resident.fill(world.tea)
    world.vendor.change(world.rice, in_stock=0)
    world.relay_until(lambda: world.resident.orders() == [], "the relay hears the refusal")
    assert [line["title"] for line in world.resident.cart()] == ["Tea"]
    assert world.resident.balance() == 100
    gone = world.resident.get(f"/consumer/orders/{order_id}", expect=404)
    assert (gone["error"], gone["items"]) == ("order_not_found", [{"item_id": world.rice, "quantity": 2}])
    assert gone["refusal"] == {
        "error": "not_enough_stock",
        "message": "Refused: not_enough_stock",
        "lines": [{"item_id": world.rice, "title": "Rice", "price": 10.5, "available": 0}],
    }
    assert "refusal" not in world.neighbour().get(f"/consumer/orders/{order_id}", expect=403)


def test_a_move_that_is_told_before_the_reply_to_placing_is_applied_once(world: World) -> None:
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=2)

    def deliver_at_once(key: str) -> None:
        world.wire.after_send = None
        order_id = int(key.removeprefix("place:"))
        world.vendor.move_and_tell(order_id, "accepted")
        assert world.vendor.move_and_tell(order_id, "delivered") == 2100
        assert world.resident.status(order_id) == "delivered"

    world.wire.after_send = deliver_at_once
    order_id = world.resident.confirm()["order_id"]
    assert world.resident.status(order_id) == "delivered"
    assert steps(world, order_id) == [("pending", "consumer"), ("accepted", "vendor"), ("delivered", "vendor")]
    assert world.resident.movements() == [("debit", 21), ("recharge", 100)]
    assert world.resident.cart() == []


@pytest.mark.parametrize("end", ["delivered", "cancelled"])
@pytest.mark.parametrize("order_of_arrival", [(2, 3), (3, 2), (3, 2, 3, 2), (2, 2, 3, 3), (3, 1, 2)])
def test_moves_may_come_doubled_and_in_any_order(world: World, end: Any, order_of_arrival: tuple[int, ...]) -> None:
    world.resident.load(100)
    order_id = world.placed()
    world.vendor.move(order_id, "accepted")
    world.vendor.move(order_id, end)
    states = {state.version: state for state in world.vendor.history[order_id]}
    captured: dict[int, set[int]] = {version: set() for version in states}
    for version in order_of_arrival:
        captured[version].add(world.vendor.tell(states[version]))
    assert world.resident.status(order_id) == end
    assert steps(world, order_id) == [("pending", "consumer"), ("accepted", "vendor"), (end, "vendor")]
    assert captured[3] == {2100 if end == "delivered" else 0}
    assert captured[2] == {0}
    assert world.resident.balance() == (79 if end == "delivered" else 100)


def test_the_same_message_twice_is_one_step(world: World) -> None:
    world.resident.load(100)
    order_id = world.placed()
    delivered = world.vendor.move(order_id, "delivered")
    told = [world.vendor.tell(delivered, message_id=f"moved:{order_id}:2") for _ in range(3)]
    assert told == [2100, 2100, 2100]
    assert len(steps(world, order_id)) == 2


@pytest.mark.parametrize(
    "point", ["consumer.orders.place.after_commit", "outbox.before_send", "outbox.after_send", SETTLING]
)
def test_a_process_that_fails_at_any_step_of_placing_leaves_an_order_that_is_finished(world: World, point: str) -> None:
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=2)
    with struck(point):
        answer = world.resident.raw("POST", "/consumer/order/confirm", json={"payment_mode": "wallet"})
    assert answer.status_code in (202, 500)
    (order_id,) = world.resident.orders()
    world.relay_until(lambda: bool(steps(world, order_id)), "the relay finishes the order")
    assert (world.resident.status(order_id), world.resident.balance()) == ("pending", 79)
    assert world.vendor.items[world.rice].in_stock == 48


def test_a_failure_before_the_commit_leaves_nothing(world: World) -> None:
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=2)
    before = world.resident.cart()
    with struck("consumer.orders.place.before_commit"):
        answer = world.resident.raw("POST", "/consumer/order/confirm", json={"payment_mode": "wallet"})
    assert answer.status_code == 500
    assert (world.resident.cart(), world.resident.balance(), world.resident.orders()) == (before, 100, [])
    world.resident.confirm()


def test_a_key_gives_the_first_answer_again_and_another_body_409(world: World) -> None:
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=2)
    first = world.resident.confirm(key="order-1")
    world.resident.fill(world.rice)
    assert world.resident.confirm(key="order-1") == first
    world.vendor.move_and_tell(first["order_id"], "delivered")
    assert world.resident.confirm(key="order-1") == first
    assert world.resident.confirm("cash", key="order-1", expect=409)["error"] == "idempotency_key_reused"
    assert world.neighbour().confirm(key="order-1", expect=400)["error"] == "cart_empty"
    assert (world.resident.orders(), len(world.resident.cart())) == ([first["order_id"]], 1)


def test_what_was_refused_is_not_stored_for_its_key(world: World) -> None:
    world.resident.fill(world.rice, quantity=2)
    assert world.resident.confirm(key="order-1", expect=400)["error"] == "insufficient_balance"
    world.resident.load(100)
    world.vendor.change(world.rice, in_stock=1)
    assert world.resident.confirm(key="order-1", expect=400)["error"] == "not_enough_stock"
    world.vendor.change(world.rice, in_stock=2)
    order_id = world.resident.confirm(key="order-1")["order_id"]
    assert world.resident.orders() == [order_id]


def test_a_202_is_repeated_with_the_same_order_until_its_end_is_known(world: World) -> None:
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=2)
    world.vendor.is_away = True
    order_id = world.resident.confirm(key="order-1", expect=202)["order_id"]
    assert world.resident.confirm(key="order-1", expect=202)["order_id"] == order_id
    world.vendor.is_away = False
    assert world.resident.confirm(key="order-1")["order_id"] == order_id
    assert world.resident.orders() == [order_id]


def test_a_key_whose_order_was_refused_later_is_free_again(world: World) -> None:
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=2)
    world.vendor.is_away = True
    first = world.resident.confirm(key="order-1", expect=202)["order_id"]
    world.vendor.is_away = False
    world.vendor.change(world.rice, in_stock=0)
    world.relay_until(lambda: world.resident.orders() == [], "the relay hears the refusal")
    world.vendor.change(world.rice, in_stock=9)
    second = world.resident.confirm(key="order-1")["order_id"]
    assert second != first


def test_a_move_of_an_unknown_order_is_not_taken(world: World) -> None:
    order_id = world.placed("cash")
    stray = world.vendor.history[order_id][0].model_copy(update={"order_id": 2**50})
    with pytest.raises(AssertionError):
        world.vendor.tell(stray)
