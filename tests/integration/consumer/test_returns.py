"""Returns as their consumer raises and sees them: the vendor's row decides, and the money comes with its word."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest

from tests.integration.consumer.people import World
from tests.integration.consumer.returning import Returns, delivered, raise_return, states, wanted
from tests.integration.mechanisms.transports import at_once


@pytest.fixture
def returns(world: World) -> Returns:
    world.resident.load(100)
    return Returns(world)


def test_a_return_is_raised_shown_and_refunded(world: World, returns: Returns) -> None:
    order_id = delivered(world)  # 42.00 of 100
    answer = raise_return(world, order_id, 3)
    assert answer.keys() == {"status", "message", "return_id"}
    order = world.resident.order(order_id)
    assert (order["status"], order["payment_status"]) == ("delivered", "paid")
    [shown] = order["returns"]
    assert shown.pop("created_at").endswith("Z")
    assert shown == {
        "id": answer["return_id"],
        "number": 1,
        "status": "raised",
        "by": "consumer",
        "reason": "Broken",
        "items": [{"item_id": world.rice, "quantity": 3}],
        "refund": 0,
    }
    world.vendor.tell(returns.accept(order_id))
    assert (world.resident.status(order_id), world.resident.balance()) == ("return_accepted", 58)
    assert world.vendor.tell(returns.complete(order_id, refund_paise=3150)) == 4200, "what was captured stays captured"
    order = world.resident.order(order_id)
    assert (order["status"], order["payment_status"], order["total_amount"]) == (
        "return_completed",
        "partially_refunded",
        42,
    )
    assert (order["returns"][0]["status"], order["returns"][0]["refund"]) == ("completed", 31.5)
    assert [(step["status"], step["by"]) for step in order["timeline"]] == [
        ("pending", "consumer"),
        ("delivered", "vendor"),
        ("return_accepted", "vendor"),
        ("return_completed", "vendor"),
    ]
    assert world.resident.movements()[0] == ("refund", 31.5)
    assert world.resident.balance() == 89.5
    assert world.resident.get("/consumer/order/history")["orders"][0]["payment_status"] == "partially_refunded"


def test_partial_returns_follow_until_nothing_is_left(world: World, returns: Returns) -> None:
    order_id = delivered(world)
    for quantity in (1, 2, 1):
        raise_return(world, order_id, quantity)
        world.vendor.tell(returns.accept(order_id))
        world.vendor.tell(returns.complete(order_id, refund_paise=quantity * 1050))
    assert (world.resident.balance(), states(world, order_id)) == (100, ["completed"] * 3)
    assert world.resident.order(order_id)["payment_status"] == "refunded"
    assert raise_return(world, order_id, 1, expect=400)["error"] == "more_than_delivered"
    assert [known["number"] for known in world.resident.order(order_id)["returns"]] == [1, 2, 3]


def test_a_rejected_return_leaves_no_step_and_frees_its_pieces(world: World, returns: Returns) -> None:
    order_id = delivered(world)
    raise_return(world, order_id, 4)
    world.vendor.tell(returns.reject(order_id))
    order = world.resident.order(order_id)
    assert (order["status"], states(world, order_id), len(order["timeline"])) == ("delivered", ["rejected"], 2)
    raise_return(world, order_id, 4)
    assert states(world, order_id) == ["rejected", "raised"]


def test_what_the_vendor_initiates_shows_and_is_refunded(world: World, returns: Returns) -> None:
    order_id = delivered(world)
    world.vendor.tell(returns.initiate(order_id, {world.rice: 4}))
    [shown] = world.resident.order(order_id)["returns"]
    assert (shown["status"], shown["by"], shown["items"]) == (
        "accepted",
        "vendor",
        [{"item_id": world.rice, "quantity": 4}],
    )
    world.vendor.tell(returns.complete(order_id, refund_paise=4200))
    assert (world.resident.balance(), world.resident.order(order_id)["payment_status"]) == (100, "refunded")


def test_a_cash_return_moves_no_money(world: World, returns: Returns) -> None:
    order_id = delivered(world, "cash")
    raise_return(world, order_id, 4)
    world.vendor.tell(returns.accept(order_id))
    assert world.vendor.tell(returns.complete(order_id)) == 0
    order = world.resident.order(order_id)
    assert (order["status"], order["payment_status"]) == ("return_completed", "paid")
    assert world.resident.movements() == [("recharge", 100)]


# ---- what is refused here


@pytest.mark.parametrize("state", ["pending", "accepted", "rejected", "cancelled"])
def test_before_the_delivery_it_is_400_that_names_both_states(world: World, returns: Returns, state: Any) -> None:
    order_id = world.placed()
    if state != "pending":
        world.vendor.move_and_tell(order_id, state)
    said = raise_return(world, order_id, expect=400)
    assert (said["error"], state in said["message"], "return_accepted" in said["message"]) == (
        "illegal_move",
        True,
        True,
    )
    assert states(world, order_id) == []


@pytest.mark.parametrize("step", ["raised", "accepted"])
def test_a_second_return_while_one_is_open_is_400(world: World, returns: Returns, step: str) -> None:
    order_id = delivered(world)
    raise_return(world, order_id)
    if step == "accepted":
        world.vendor.tell(returns.accept(order_id))
    assert raise_return(world, order_id, expect=400)["error"] == "return_open"
    assert states(world, order_id) == [step]


NO_ITEMS: list[object] = [None, [], {}, "x", 5, [None], [[]], [{}], [{"item_id": 1}]]
NO_QUANTITIES: list[object] = [0, -1, 1.5, "1", "", True, None, [1], {}, 1e3]
ITEMS: list[tuple[object, str]] = [
    *((no_items, "validation_error") for no_items in NO_ITEMS),
    *(([{"item_id": "rice", "quantity": quantity}], "validation_error") for quantity in NO_QUANTITIES),
    *(
        ([{"item_id": item_id, "quantity": 1}], "validation_error")
        for item_id in (0, -1, 1.5, "1", True, None, 2**53, 10**30)
    ),
    ([{"item_id": "rice", "quantity": 1}] * 1001, "validation_error"),
    ([{"item_id": "rice", "quantity": 1}, {"item_id": "rice", "quantity": 1}], "repeated_item"),
    ([{"item_id": "tea", "quantity": 1}], "unknown_item"),
    ([{"item_id": "rice", "quantity": 1}, {"item_id": 2**53 - 1, "quantity": 1}], "unknown_item"),
    ([{"item_id": "rice", "quantity": 5}], "more_than_delivered"),
    ([{"item_id": "rice", "quantity": 10**30}], "more_than_delivered"),
]


@pytest.mark.parametrize(("items", "word"), ITEMS)
def test_items_that_cannot_come_back_are_400_and_the_vendor_is_not_asked(
    world: World, returns: Returns, items: Any, word: str
) -> None:
    order_id = delivered(world)
    named = {"rice": world.rice, "tea": world.tea}
    if isinstance(items, list):
        items = [
            {**line, "item_id": named.get(line["item_id"], line["item_id"])}
            if isinstance(line, dict) and "item_id" in line
            else line
            for line in items
        ]
    body = {"reason": "Broken", "items": items}
    said = world.resident.post(f"/consumer/orders/{order_id}/return/raise", body, expect=400)
    assert said["error"] == word, said
    assert states(world, order_id) == []
    assert not [key for key in world.wire.sent if key.startswith("return:")]


@pytest.mark.parametrize("reason", [None, "", "  ", 5, True, ["x"], {}, "x" * 501, "a\x00b", "\x1b[2J", "missing"])
def test_a_return_needs_a_reason(world: World, returns: Returns, reason: object) -> None:
    order_id = delivered(world)
    body = wanted({world.rice: 1}, reason)
    if reason == "missing":
        del body["reason"]
    path = f"/consumer/orders/{order_id}/return/raise"
    assert world.resident.post(path, body, expect=400)["error"] == "validation_error"
    for raw in (b"[]", b"{", b"null", b'{"reason": "\\ud800", "items": []}', b'{"items": ' + b"[" * 5000):
        assert world.resident.raw("POST", path, data=raw, content_type="application/json").status_code == 400
    world.resident.post(path, wanted({world.rice: 1}, "क" * 500))


def test_somebody_elses_order_is_forbidden_and_an_unknown_one_unknown(world: World, returns: Returns) -> None:
    order_id = delivered(world)
    body = wanted({world.rice: 1})
    refused = world.neighbour().post(f"/consumer/orders/{order_id}/return/raise", body, expect=403)
    assert refused["error"] == "not_your_order"
    for unknown in (order_id + 10_000, 2**53 - 1):
        world.resident.post(f"/consumer/orders/{unknown}/return/raise", body, expect=404)
    assert states(world, order_id) == []


# ---- the vendor decides, however late it is heard


def test_the_vendors_refusal_is_400_and_the_return_never_was(world: World, returns: Returns) -> None:
    order_id = delivered(world)
    untold = returns.initiate(order_id, {world.rice: 4})
    returns.refuses_with = "return_open"
    said = raise_return(world, order_id, expect=400, key="tap-1")
    assert (said["error"], "return_accepted" in said["message"]) == ("return_open", True), (
        "the reply told how it stands"
    )
    assert states(world, order_id) == ["accepted"]
    world.vendor.tell(untold)
    world.vendor.tell(returns.complete(order_id, refund_paise=4200))
    returns.refuses_with = None
    assert raise_return(world, order_id, 2, expect=400, key="tap-1")["error"] == "more_than_delivered", (
        "its key is free"
    )


def test_with_the_vendor_away_it_is_202_and_the_relay_finishes(world: World, returns: Returns) -> None:
    order_id = delivered(world)
    world.vendor.is_away = True
    answer = raise_return(world, order_id, 2, expect=202, key="tap-1")
    [shown] = world.resident.order(order_id)["returns"]
    assert (shown["id"], shown["number"], shown["status"]) == (answer["return_id"], None, "raised")
    assert raise_return(world, order_id, 1, expect=400)["error"] == "return_open"
    world.vendor.is_away = False
    world.relay_until(lambda: world.resident.order(order_id)["returns"][0]["number"] == 1, "the relay asks the vendor")
    assert raise_return(world, order_id, 2, key="tap-1")["return_id"] == answer["return_id"]
    assert len(returns.last(order_id).returns) == 1


def test_a_lost_reply_is_202_and_one_return(world: World, returns: Returns) -> None:
    order_id = delivered(world)
    world.wire.loses_replies = 1
    raise_return(world, order_id, 2, expect=202)
    world.relay_until(lambda: world.resident.order(order_id)["returns"][0]["number"] == 1, "the relay asks again")
    assert len(returns.last(order_id).returns) == 1


def test_a_late_refusal_frees_key_and_pieces(world: World, returns: Returns) -> None:
    order_id = delivered(world)
    world.vendor.is_away = True
    raise_return(world, order_id, 2, expect=202, key="tap-1")
    returns.refuses_with = "return_open"
    world.vendor.is_away = False
    world.relay_until(lambda: states(world, order_id) == [], "the relay hears the refusal")
    returns.refuses_with = None
    assert raise_return(world, order_id, 4, key="tap-1")["status"] == "success"


def test_a_move_that_is_told_before_the_reply_finds_the_return_that_was_asked_for(
    world: World, returns: Returns
) -> None:
    order_id = delivered(world)
    world.wire.loses_replies = 1
    asked = raise_return(world, order_id, 2, expect=202)
    world.vendor.tell(returns.accept(order_id))
    world.vendor.tell(returns.complete(order_id, refund_paise=2100))
    [shown] = world.resident.order(order_id)["returns"]
    assert (shown["id"], shown["status"]) == (asked["return_id"], "completed")
    world.relay_until(lambda: world.wire.sent[f"return:{asked['return_id']}"] > 1, "the relay asks again")
    assert (states(world, order_id), world.resident.balance()) == (["completed"], 79)


ORDERS = list(itertools.permutations(range(4)))


@pytest.mark.parametrize("arrival", ORDERS[::3], ids=str)
def test_states_that_come_in_any_order_and_twice_refund_once(
    world: World, returns: Returns, arrival: tuple[int, ...]
) -> None:
    order_id = world.placed(quantity=4)
    told = [
        world.vendor.move(order_id, "delivered"),
        returns.initiate(order_id, {world.rice: 1}),
        returns.complete(order_id, refund_paise=1050),
        returns.initiate(order_id, {world.rice: 3}),
    ]
    last = returns.complete(order_id, refund_paise=3150)
    for position in arrival:
        world.vendor.tell(told[position])
        world.vendor.tell(told[position])
    world.vendor.tell(last)
    for position in arrival:
        world.vendor.tell(told[position])
    order = world.resident.order(order_id)
    assert (order["status"], order["payment_status"], world.resident.balance()) == ("return_completed", "refunded", 100)
    assert [step["status"] for step in order["timeline"]] == [
        "pending",
        "delivered",
        *["return_accepted", "return_completed"] * 2,
    ]
    refunds = [amount for kind, amount in world.resident.movements() if kind == "refund"]
    assert sorted(refunds) == [10.5, 31.5]


def test_one_word_may_bring_the_delivery_and_several_returns(world: World, returns: Returns) -> None:
    order_id = world.placed(quantity=4)
    world.vendor.move(order_id, "delivered")
    for quantity in (1, 3):
        returns.initiate(order_id, {world.rice: quantity})
        last = returns.complete(order_id, refund_paise=quantity * 1050)
    assert world.vendor.tell(last) == 4200
    assert (world.resident.balance(), states(world, order_id)) == (100, ["completed"] * 2)


# ---- doubles


def test_a_key_gives_the_first_answer_again(world: World, returns: Returns) -> None:
    order_id = delivered(world)
    first = raise_return(world, order_id, 1, key="tap-1")
    assert raise_return(world, order_id, 1, key="tap-1") == first
    raise_return(world, order_id, 2, key="tap-1", expect=409)
    assert len(returns.last(order_id).returns) == 1


@pytest.mark.parametrize("key", ["", "tap-1"])
def test_many_clicks_at_once_are_one_return(world: World, returns: Returns, key: str) -> None:
    order_id = delivered(world)
    path, headers = f"/consumer/orders/{order_id}/return/raise", {"Idempotency-Key": key} if key else {}

    def click() -> int:
        return world.resident.raw("POST", path, json=wanted({world.rice: 2}), headers=headers).status_code

    answers = Counter(at_once(6, lambda _number: click()))
    assert answers == ({200: 6} if key else {200: 1, 400: 5})
    assert len(returns.last(order_id).returns) == 1
    assert states(world, order_id) == ["raised"]


def test_the_same_state_by_many_at_once_refunds_once(world: World, returns: Returns) -> None:
    order_id = delivered(world)
    world.vendor.tell(returns.initiate(order_id, {world.rice: 4}))
    last = returns.complete(order_id, refund_paise=4200)
    captured = at_once(6, lambda _number: world.vendor.tell(last))
    assert captured == [4200] * 6
    assert world.resident.balance() == 100
