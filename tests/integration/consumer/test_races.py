"""Requests at the same time, on threads of their own: one order, one hold, one refund. PostgreSQL's part."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, cast

import pytest

from habrio_consumer.orders.queries import Seen, seen_by
from habrio_shared.contracts.orders import VendorOrderState
from tests.integration.consumer.conftest import IS_SQLITE
from tests.integration.consumer.people import World
from tests.integration.mechanisms.transports import at_once

pytestmark = pytest.mark.skipif(IS_SQLITE, reason="SQLite serves one worker; races across processes are PostgreSQL's")


class Confirmed(NamedTuple):
    status: int
    body: dict[str, Any]


def confirm(world: World, key: str = "") -> Confirmed:
    headers = {"Idempotency-Key": key} if key else {}
    answer = world.resident.raw("POST", "/consumer/order/confirm", json={"payment_mode": "wallet"}, headers=headers)
    return Confirmed(answer.status_code, answer.get_json())


def confirmed_at_once(number: int, work: Callable[[int], Confirmed]) -> list[Confirmed]:
    return [cast(Confirmed, result) for result in at_once(number, work)]


def cancel(world: World, order_id: int) -> int:
    return world.resident.raw("POST", f"/consumer/orders/{order_id}/cancel", json={}).status_code


def with_full_cart(world: World) -> None:
    world.resident.load(1000)
    world.resident.fill(world.rice, quantity=2)


def both_saw_the_cart(world: World, first_key: str = "", second_key: str = "") -> list[Confirmed]:
    """Two confirmations; the second begins, and reads the cart's version, before the first has taken the cart."""
    together = threading.Barrier(2)

    def read_and_meet(user_id: int) -> Seen:
        seen = seen_by(user_id)
        together.wait(5)
        return seen

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("habrio_consumer.orders.place.seen_by", read_and_meet)
        return confirmed_at_once(2, lambda number: confirm(world, (first_key, second_key)[number]))


@pytest.mark.parametrize("keys", [("", ""), ("a", "b"), ("a", "")])
def test_two_clicks_that_saw_the_same_cart_are_one_order_with_one_answer(world: World, keys: tuple[str, str]) -> None:
    with_full_cart(world)
    answers = both_saw_the_cart(world, *keys)
    (order_id,) = world.resident.orders()
    assert [(status, body["order_id"]) for status, body in answers] == [(200, order_id)] * 2
    assert world.resident.balance() == 979
    assert world.vendor.items[world.rice].in_stock == 48


def test_two_clicks_of_which_the_shop_refuses_both_are_free_to_try_again(world: World) -> None:
    with_full_cart(world)
    world.vendor.change(world.rice, in_stock=1)
    answers = both_saw_the_cart(world, "a", "b")
    assert [(status, body["error"]) for status, body in answers] == [(400, "not_enough_stock")] * 2
    world.vendor.change(world.rice, in_stock=50)
    assert (world.resident.balance(), len(world.resident.cart())) == (1000, 1)
    world.resident.confirm(key="b")
    assert len(world.resident.orders()) == 1


def test_a_second_click_that_is_late_finds_the_refusal_and_keeps_no_key(world: World) -> None:
    """The second read the cart's version before the first took it, but gets the lock only after the refusal."""
    with_full_cart(world)
    world.vendor.change(world.rice, in_stock=1)
    seen = Seen(cart_version=1, flat_number="")
    assert world.resident.confirm(expect=400)["error"] == "not_enough_stock"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("habrio_consumer.orders.place.seen_by", lambda _user_id: seen)
        assert world.resident.confirm(key="late", expect=400)["error"] == "not_enough_stock"
    world.vendor.change(world.rice, in_stock=50)
    world.resident.confirm(key="late")
    assert world.resident.balance() == 979


def test_the_same_key_twenty_times_at_once_is_one_order_and_one_answer(world: World) -> None:
    with_full_cart(world)
    answers = confirmed_at_once(20, lambda _number: confirm(world, "order-1"))
    (order_id,) = world.resident.orders()
    told = Counter((status, body["order_id"]) for status, body in answers)
    assert told == {(200, order_id): 20}
    assert (world.resident.balance(), list(world.vendor.told)) == (979, [order_id])


def test_ten_clicks_at_once_without_a_key_are_one_order(world: World) -> None:
    with_full_cart(world)
    answers = confirmed_at_once(10, lambda _number: confirm(world))
    (order_id,) = world.resident.orders()
    for status, body in answers:
        assert (status, body.get("order_id")) == (200, order_id) or (status, body["error"]) == (400, "cart_empty")
    assert world.resident.balance() == 979


def test_twenty_buyers_and_the_last_unit_are_one_order(world: World) -> None:
    world.vendor.change(world.rice, in_stock=1)
    buyers = [world.neighbour() for _ in range(20)]
    for buyer in buyers:
        buyer.load(100)
        buyer.fill(world.rice)
    body = {"payment_mode": "wallet"}
    answers = at_once(20, lambda number: buyers[number].raw("POST", "/consumer/order/confirm", json=body).status_code)
    assert Counter(answers) == {200: 1, 400: 19}
    assert sorted(buyer.balance() for buyer in buyers) == [89.5] + [100.0] * 19
    assert sorted(len(buyer.cart()) for buyer in buyers) == [0] + [1] * 19
    assert world.vendor.items[world.rice].in_stock == 0


def test_an_order_and_loads_at_once_lose_no_paisa(world: World) -> None:
    world.resident.load(21)
    world.resident.fill(world.rice, quantity=2)

    def order_or_load(number: int) -> int:
        if number:
            world.resident.load(1)
            return 0
        return confirm(world)[0]

    assert at_once(12, order_or_load) == [200] + [0] * 11
    assert world.resident.balance() == 11


def cancel_or_move(world: World, order_id: int, end: Any, number: int) -> int | VendorOrderState | None:
    """The consumer's cancel (0), or the vendor's move; None if that came too late."""
    if number == 0:
        return cancel(world, order_id)
    try:
        return world.vendor.move(order_id, end)
    except AssertionError:
        return None


@pytest.mark.parametrize("end", ["delivered", "cancelled"])
def test_a_cancel_against_a_move_of_the_vendor_ends_in_one_way_for_everybody(world: World, end: Any) -> None:
    world.resident.load(1000)
    for _ in range(5):
        order_id = world.placed()

        status, moved = at_once(2, partial(cancel_or_move, world, order_id, end))
        if isinstance(moved, VendorOrderState):
            world.vendor.tell(moved)
        final = world.vendor.history[order_id][-1]
        assert world.resident.status(order_id) == final.status
        assert status == (200 if final.by == "consumer" else 400)


def test_a_cancel_against_the_placing_itself_ends_in_one_way_for_everybody(world: World) -> None:
    world.resident.load(1000)
    for _ in range(5):
        world.resident.fill(world.rice, quantity=2)
        sent, may_go_on = threading.Event(), threading.Event()

        def hold_the_reply(_key: str, sent: threading.Event = sent, may_go_on: threading.Event = may_go_on) -> None:
            world.wire.after_send = None
            sent.set()
            assert may_go_on.wait(5)

        world.wire.after_send = hold_the_reply

        def place_or_cancel(
            number: int, sent: threading.Event = sent, may_go_on: threading.Event = may_go_on
        ) -> Confirmed | int:
            if number == 0:
                return confirm(world)
            assert sent.wait(5)
            (order_id,) = [
                order_id for order_id in world.resident.orders() if world.resident.status(order_id) == "pending"
            ]
            may_go_on.set()
            return cancel(world, order_id)

        placed, cancelled = at_once(2, place_or_cancel)
        assert isinstance(placed, Confirmed)
        assert (placed.status, cancelled) == (200, 200)
        assert world.resident.status(placed.body["order_id"]) == "cancelled"
    assert (world.resident.balance(), world.vendor.items[world.rice].in_stock) == (1000, 50)
    assert world.resident.cart() == []


def test_twenty_cancels_at_once_give_the_money_back_once(world: World) -> None:
    world.resident.load(100)
    order_id = world.placed()
    answers = Counter(at_once(20, lambda _number: cancel(world, order_id)))
    assert answers[200] >= 1 and set(answers) <= {200, 400}
    assert world.resident.movements() == [("refund", 21), ("debit", 21), ("recharge", 100)]
    assert world.vendor.items[world.rice].in_stock == 50


def test_adding_at_once_never_passes_ten(world: World) -> None:
    at_once(15, lambda _number: world.resident.raw("POST", "/consumer/cart/add", json={"item_id": world.rice}))
    assert [line["quantity"] for line in world.resident.cart()] == [10]


def test_onboarding_at_once_is_one_profile(world: World) -> None:
    answers = at_once(8, lambda _number: world.resident.raw("POST", "/consumer/onboarding", json={}).status_code)
    assert Counter(answers) == {200: 1, 400: 7}
