"""A vendor makes an order smaller, and its consumer confirms that or does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.vendor.people import World, new_id
from tests.integration.vendor.test_items import stock_of
from tests.integration.vendor.test_order_protocol import row

AWAITING = "awaiting_consumer_confirmation"


def order_of(world: World, order_id: int) -> dict[str, Any]:
    return next(order for order in world.vendor.orders() if order["order_id"] == order_id)


def pieces(order: dict[str, Any]) -> dict[int, int]:
    return {line["item_id"]: line["quantity"] for line in order["items"]}


def test_a_change_shows_at_once_and_holds_the_stock_until_it_is_confirmed(world: World) -> None:
    rice, tea, salt = (world.vendor.add_item(title, stock=10) for title in ("Rice", "Tea", "Salt"))
    order_id = world.place({rice: 4, tea: 2, salt: 1})  # 10.50 each: 73.50
    answer = world.vendor.modify(order_id, {rice: 1, salt: 0})
    assert (answer["new_total"], answer["status"], bool(answer["message"])) == (31.5, "success", True)
    order = order_of(world, order_id)
    assert (order["status"], order["total_amount"], order["final_amount"]) == (AWAITING, 73.5, 31.5)
    assert pieces(order) == {rice: 1, tea: 2}, "what is not named stays, what is 0 is gone"
    assert [line["subtotal"] for line in order["items"]] == [10.5, 21]
    assert [stock_of(world.app, item_id)[1] for item_id in (rice, tea, salt)] == [4, 2, 1]
    state = world.consumer.confirm(order_id)
    assert (state["status"], state["by"], state["version"]) == ("confirmed", "consumer", 3)
    order = order_of(world, order_id)
    assert (order["status"], order["total_amount"], order["final_amount"]) == ("confirmed", 31.5, 31.5)
    assert pieces(order) == {rice: 1, tea: 2}
    assert [stock_of(world.app, item_id)[1] for item_id in (rice, tea, salt)] == [1, 2, 0]
    assert world.consumer.heard_of(order_id) == [(AWAITING, 2, "vendor")], "a consumer's own move is answered, not told"


def test_the_state_that_is_told_carries_lines_and_totals_and_how_often_it_was_changed(world: World) -> None:
    rice, tea = world.vendor.add_item("Rice"), world.vendor.add_item("Tea")
    order_id = world.place({rice: 4, tea: 2})
    world.vendor.modify(order_id, {tea: 0})
    proposed = world.consumer.heard[-1]
    assert (proposed["changes"], proposed["total_paise"], proposed["final_paise"]) == (0, 6300, 4200)
    assert proposed["lines"] == [
        {"item_id": rice, "quantity": 4, "proposed_quantity": None},
        {"item_id": tea, "quantity": 2, "proposed_quantity": 0},
    ]
    confirmed = world.consumer.confirm(order_id)
    assert (confirmed["changes"], confirmed["total_paise"], confirmed["final_paise"]) == (1, 4200, 4200)
    world.vendor.set_status(order_id, "delivered")
    delivered = world.consumer.heard[-1]
    assert (delivered["version"], delivered["changes"], delivered["total_paise"]) == (4, 1, 4200)
    assert delivered["lines"] == [
        {"item_id": rice, "quantity": 4, "proposed_quantity": None},
        {"item_id": tea, "quantity": 0, "proposed_quantity": None},
    ]


def test_a_delivered_order_takes_out_and_brings_in_what_was_confirmed(world: World) -> None:
    rice, tea = world.vendor.add_item("Rice"), world.vendor.add_item("Tea")
    order_id = world.place({rice: 4, tea: 2})
    world.vendor.modify(order_id, {rice: 3, tea: 0})
    world.consumer.confirm(order_id)
    world.vendor.set_status(order_id, "delivered")
    assert (stock_of(world.app, rice), stock_of(world.app, tea)) == ((7, 0, 7), (10, 0, 10))
    assert world.vendor.get("/vendor/wallet")["balance"] == 29.93  # 31.50 less 5 %, rounded down to the paisa


def test_a_confirmed_order_can_be_changed_again_and_only_downwards_from_there(world: World) -> None:
    rice, tea = world.vendor.add_item("Rice"), world.vendor.add_item("Tea")
    order_id = world.place({rice: 4, tea: 2})
    world.vendor.modify(order_id, {rice: 3, tea: 0})
    world.consumer.confirm(order_id)
    assert world.vendor.modify(order_id, {rice: 4}, expect=400)["error"] == "more_than_ordered"
    assert world.vendor.modify(order_id, {tea: 1}, expect=400)["error"] == "more_than_ordered"
    assert world.vendor.modify(order_id, {rice: 3, tea: 0}, expect=400)["error"] == "nothing_changed"
    assert world.vendor.modify(order_id, {rice: 0}, expect=400)["error"] == "nothing_left"
    assert world.vendor.modify(order_id, {rice: 1})["new_total"] == 10.5
    late = world.consumer.confirm(order_id, change=1)
    assert (late["status"], late["version"], late["changes"]) == (AWAITING, 4, 1), (
        "an old yes is no yes to a new change"
    )
    assert world.consumer.confirm(order_id, change=3)["status"] == AWAITING
    assert world.consumer.confirm(order_id, change=2)["changes"] == 2
    assert (stock_of(world.app, rice), stock_of(world.app, tea)) == ((10, 1, 10), (10, 0, 10))


@pytest.mark.parametrize(("mode", "refund"), [("wallet", 42), ("cash", 0)])
@pytest.mark.parametrize("by", ["vendor", "consumer"])
def test_cancelling_a_proposal_gives_back_all_that_is_held_and_charged(
    world: World, by: str, mode: str, refund: float
) -> None:
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4}, mode=mode)
    world.vendor.modify(order_id, {item_id: 1})
    if by == "vendor":
        assert world.vendor.post(f"/vendor/orders/{order_id}/cancel")["refund"] == refund
    else:
        assert world.consumer.cancel(order_id)["status"] == "cancelled"
    order = order_of(world, order_id)
    assert (order["status"], order["total_amount"], order["final_amount"]) == ("cancelled", 42, 42)
    assert pieces(order) == {item_id: 4}, "the proposal fell with the order"
    assert stock_of(world.app, item_id) == (10, 0, 10)
    assert world.consumer.confirm(order_id)["status"] == "cancelled"


def test_after_a_confirmed_change_the_new_total_goes_back(world: World) -> None:
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    world.vendor.modify(order_id, {item_id: 1})
    world.consumer.confirm(order_id)
    assert world.vendor.post(f"/vendor/orders/{order_id}/cancel")["refund"] == 10.5
    assert stock_of(world.app, item_id) == (10, 0, 10)


def test_a_confirmation_twice_is_one(world: World) -> None:
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    world.vendor.modify(order_id, {item_id: 1})
    first = world.consumer.confirm(order_id)
    assert world.consumer.confirm(order_id) == first
    assert stock_of(world.app, item_id) == (10, 1, 10)


@pytest.mark.parametrize("status", ["pending", "accepted", "rejected", "delivered", "cancelled"])
def test_what_was_not_proposed_is_not_confirmed(world: World, status: str) -> None:
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    if status == "cancelled":
        world.consumer.cancel(order_id)
    elif status != "pending":
        world.vendor.set_status(order_id, status)
    before = row(world, order_id).version
    state = world.consumer.confirm(order_id)
    assert (state["status"], state["version"]) == (status, before)


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        ([("rice", 5)], "more_than_ordered"),
        ([("rice", 10**30)], "more_than_ordered"),
        ([("rice", 4)], "nothing_changed"),
        ([("rice", 4), ("tea", 2)], "nothing_changed"),
        ([("rice", 0), ("tea", 0)], "nothing_left"),
        ([("rice", 1), ("rice", 1)], "repeated_item"),
        ([("rice", 1), ("rice", 2)], "repeated_item"),
        ([("salt", 0)], "unknown_item"),
        ([("rice", 1), ("nothing", 1)], "unknown_item"),
    ],
)
def test_a_change_that_makes_no_smaller_order_is_400_and_changes_nothing(
    world: World, wanted: list[tuple[str, int]], word: str
) -> None:
    items = {title: world.vendor.add_item(title) for title in ("rice", "tea", "salt")} | {"nothing": new_id()}
    order_id = world.place({items["rice"]: 4, items["tea"]: 2})
    body = {"modifications": [{"item_id": items[title], "quantity": quantity} for title, quantity in wanted]}
    assert world.vendor.post(f"/vendor/orders/{order_id}/modify", body, expect=400)["error"] == word
    order = order_of(world, order_id)
    assert (order["status"], pieces(order)) == ("pending", {items["rice"]: 4, items["tea"]: 2})
    assert world.consumer.heard_of(order_id) == []


BAD_QUANTITIES: list[object] = [-1, -(10**30), 1.5, "1", None, True, [1], {}]
BAD_IDS: list[object] = [0, -1, 1.5, "1", None, False, 2**53, 10**30, [1]]
BAD_LINES: list[object] = [
    *(None, {}, [], "", 5, [[]], [None], ["x"], [{}], [{"item_id": 1}], [{"quantity": 1}]),
    *([{"item_id": 1, "quantity": bad}] for bad in BAD_QUANTITIES),
    *([{"item_id": bad, "quantity": 1}] for bad in BAD_IDS),
    [{"item_id": 1, "quantity": 1}] * 1001,
]


@pytest.mark.parametrize("bad", BAD_LINES, ids=lambda bad: str(bad)[:40])
def test_a_change_that_is_none_is_a_validation_error(world: World, bad: object) -> None:
    order_id = world.place({world.vendor.add_item(): 4})
    refused = world.vendor.post(f"/vendor/orders/{order_id}/modify", {"modifications": bad}, expect=400)
    assert refused["message"] == "Validation error"


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"modifications": [{"item_id": 1, "quantity": NaN}]}', b"{"])
def test_a_body_that_holds_no_change_is_400(world: World, body: bytes) -> None:
    order_id = world.place({world.vendor.add_item(): 4})
    path = f"/vendor/orders/{order_id}/modify"
    answer = world.vendor.raw("POST", path, data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, 400)
    assert order_of(world, order_id)["status"] == "pending"


def test_the_same_key_changes_once(world: World) -> None:
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    path, headers = f"/vendor/orders/{order_id}/modify", {"Idempotency-Key": "k"}
    body = {"modifications": [{"item_id": item_id, "quantity": 3}]}
    first = world.vendor.post(path, body, headers=headers)
    assert world.vendor.post(path, body, headers=headers) == first
    assert len(world.consumer.heard_of(order_id)) == 1


@pytest.mark.parametrize("body", [{}, {"order_id": 1}, {"order_id": 1, "change": 0}, {"order_id": 1, "change": "x"}])
def test_a_confirmation_that_breaks_its_contract_is_refused(world: World, body: dict[str, Any]) -> None:
    world.consumer.ask("/internal/messages/orders.confirm_change", body, expect=400, message_id=f"c:{new_id()}")
