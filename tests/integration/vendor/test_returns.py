"""What comes back of a delivered order: who may do what when, and what it does to stock and money."""

from __future__ import annotations

from typing import Any

import pytest

from habrio_shared.contracts.returns import REJECTED_MAX
from tests.integration.vendor.conftest import Statements
from tests.integration.vendor.people import Vendor, World, new_id
from tests.integration.vendor.returning import (
    act,
    asked,
    delivered,
    do,
    money,
    order_of,
    raise_return,
    raised,
    refused,
    spend,
    states,
)
from tests.integration.vendor.test_items import stock_of
from tests.integration.vendor.test_order_protocol import row
from tests.integration.vendor.test_wallet import verdict


@pytest.fixture
def rice(world: World) -> int:
    return world.vendor.add_item("Rice", stock=10)


def test_a_return_is_raised_accepted_and_completed(world: World, rice: int) -> None:
    order_id = delivered(world, {rice: 4})  # 42.00, of which 2.10 are commission
    _, kept, due = money(world)
    decided = raise_return(world, order_id, {rice: 1}, wish_id=(wish_id := new_id()))
    assert decided["fault"] is None
    state = decided["state"]
    assert (state["status"], state["version"], state["returns_version"]) == ("delivered", 2, 1)
    [told] = state["returns"]
    assert told.pop("raised_at")
    assert told == {
        "number": 1,
        "status": "raised",
        "by": "consumer",
        "wish_id": wish_id,
        "reason": "Broken",
        "lines": [{"item_id": rice, "quantity": 1}],
        "refund_paise": 0,
    }
    assert (order_of(world, order_id)["status"], states(world, order_id)) == ("delivered", ["raised"])
    do(world, order_id, "accept")
    assert (order_of(world, order_id)["status"], states(world, order_id)) == ("return_accepted", ["accepted"])
    assert (stock_of(world.app, rice), money(world)) == ((6, 0, 6), (3990, kept, due)), "nothing is back as yet"
    do(world, order_id, "complete")
    order = order_of(world, order_id)
    assert (order["status"], order["payment_status"]) == ("return_completed", "partially_refunded")
    assert (order["total_amount"], order["final_amount"]) == (42, 42)
    [shown] = order["returns"]
    assert shown.pop("created_at").endswith("Z")
    assert shown == {
        "number": 1,
        "status": "completed",
        "by": "consumer",
        "reason": "Broken",
        "items": [{"item_id": rice, "quantity": 1}],
        "refund": 10.5,
    }
    assert stock_of(world.app, rice) == (7, 0, 7)
    # 2.10 of commission become 1.57, the half paisa of 5 % of 31.50 being the vendor's.
    assert money(world) == (3990 - 997, kept - 53, due + 1050)
    assert world.consumer.heard_of(order_id)[-2:] == [
        ("return_accepted", 3, "vendor"),
        ("return_completed", 4, "vendor"),
    ]
    assert world.consumer.heard[-1]["returns"][0]["refund_paise"] == 1050
    assert verdict(world).is_right


def test_a_rejected_return_leaves_the_order_where_it_was_and_its_pieces_free(world: World, rice: int) -> None:
    order_id = delivered(world, {rice: 4})
    raised(world, order_id, {rice: 4})
    told = len(world.consumer.heard)
    do(world, order_id, "reject")
    order = order_of(world, order_id)
    assert (order["status"], order["payment_status"], row(world, order_id).version) == ("delivered", "paid", 2)
    assert len(world.consumer.heard) == told + 1
    assert [known["status"] for known in world.consumer.heard[-1]["returns"]] == ["rejected"]
    raised(world, order_id, {rice: 4})
    assert states(world, order_id) == ["rejected", "raised"]
    assert stock_of(world.app, rice) == (6, 0, 6)


def test_a_vendor_may_initiate_a_return_which_is_accepted_at_once(world: World, rice: int) -> None:
    order_id = delivered(world, {rice: 4})
    answer = act(world, order_id, "initiate", asked({rice: 3}))
    assert (answer.status_code, answer.get_json().keys()) == (200, {"status", "message"})
    assert (order_of(world, order_id)["status"], states(world, order_id)) == ("return_accepted", ["accepted"])
    told = world.consumer.heard[-1]["returns"][0]
    assert (told["by"], told["wish_id"], told["reason"]) == ("vendor", None, "Wrong item sent")
    do(world, order_id, "complete")
    assert stock_of(world.app, rice) == (9, 0, 9)
    assert order_of(world, order_id)["returns"][0]["refund"] == 31.5
    assert verdict(world).is_right


@pytest.mark.parametrize("steps", [(4, 3), (1, 1, 1, 1, 1, 1, 1), (2, 5), (7,)])
def test_partial_returns_give_back_exactly_what_was_taken(world: World, steps: tuple[int, ...]) -> None:
    before = money(world)
    item_id = world.vendor.add_item(price=0.33, stock=10)
    order_id = delivered(world, {item_id: 7}, price=0.33)  # 2.31, of which 0.11 are commission
    assert money(world)[:2] == (before[0] + 220, before[1] + 11)
    statuses = []
    for number, quantity in enumerate(steps):
        if number % 2:
            assert act(world, order_id, "initiate", asked({item_id: quantity})).status_code == 200
        else:
            raised(world, order_id, {item_id: quantity})
            do(world, order_id, "accept")
        do(world, order_id, "complete")
        statuses.append(order_of(world, order_id)["payment_status"])
    assert statuses == ["partially_refunded"] * (len(steps) - 1) + ["refunded"]
    assert money(world) == before
    assert stock_of(world.app, item_id) == (10, 0, 10)
    assert raise_return(world, order_id, {item_id: 1})["fault"] == "more_than_delivered"
    assert refused(world, order_id, "initiate", asked({item_id: 1}))["error"] == "more_than_delivered"
    assert verdict(world).is_right


def test_a_cash_return_moves_goods_and_no_money(world: World, rice: int) -> None:
    before = money(world)
    order_id = delivered(world, {rice: 4}, mode="cash")
    raised(world, order_id, {rice: 4})
    do(world, order_id, "accept", "complete")
    order = order_of(world, order_id)
    assert (order["status"], order["payment_status"], order["returns"][0]["refund"]) == ("return_completed", "paid", 0)
    assert (money(world), stock_of(world.app, rice)) == (before, (10, 0, 10))


def test_only_what_was_delivered_after_a_change_can_come_back_at_its_price(world: World, rice: int) -> None:
    tea = world.vendor.add_item("Tea")
    order_id = world.place({rice: 4, tea: 2})
    body = {"modifications": [{"item_id": rice, "quantity": 1}, {"item_id": tea, "quantity": 0}]}
    world.vendor.post(f"/vendor/orders/{order_id}/modify", body)
    wish = {"order_id": order_id, "change": 1}
    assert world.consumer.tell("orders.confirm_change", f"confirm:{order_id}:1", wish)["status"] == "confirmed"
    world.vendor.set_status(order_id, "delivered")
    assert raise_return(world, order_id, {tea: 1})["fault"] == "unknown_item"
    assert raise_return(world, order_id, {rice: 2})["fault"] == "more_than_delivered"
    raised(world, order_id, {rice: 1})
    do(world, order_id, "accept", "complete")
    assert order_of(world, order_id)["payment_status"] == "refunded"
    assert world.vendor.get("/vendor/wallet")["balance"] == 0


# ---- what is refused


def bring(world: World, start: str, rice: int) -> int:
    """The id of an order that stands as `start` says, `status` or `status:state of its last return`."""
    status, _, last = start.partition(":")
    order_id = world.place({rice: 4})
    if status in ("accepted", "rejected", "delivered"):
        world.vendor.set_status(order_id, status)
    elif status == "cancelled":
        world.vendor.post(f"/vendor/orders/{order_id}/cancel")
    elif status.startswith("return"):
        world.vendor.set_status(order_id, "delivered")
        raised(world, order_id, {rice: 1})
        do(world, order_id, *(["accept"] if status == "return_accepted" else ["accept", "complete"]))
    if last:
        raised(world, order_id, {rice: 1})
        if last == "rejected":
            do(world, order_id, "reject")
    return order_id


VERBS = ("accept", "reject", "complete", "initiate", "raise")
ALLOWED: dict[str, set[str]] = {
    "pending": set(),
    "accepted": set(),
    "rejected": set(),
    "cancelled": set(),
    "delivered": {"initiate", "raise"},
    "delivered:raised": {"accept", "reject"},
    "delivered:rejected": {"initiate", "raise"},
    "return_accepted": {"complete"},
    "return_completed": {"initiate", "raise"},
    "return_completed:raised": {"accept", "reject"},
    "return_completed:rejected": {"initiate", "raise"},
}
"""Everything else is 400, and what it names is in the message."""


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("start", ALLOWED)
def test_every_verb_in_every_state_is_as_the_table_says(world: World, rice: int, start: str, verb: str) -> None:
    order_id = bring(world, start, rice)
    before = (order_of(world, order_id), stock_of(world.app, rice), money(world), len(world.consumer.heard))
    if verb == "raise":
        fault = raise_return(world, order_id, {rice: 1})["fault"]
        assert (fault is None) is (verb in ALLOWED[start])
    else:
        answer = act(world, order_id, verb, asked({rice: 1}) if verb == "initiate" else None)
        assert answer.status_code == (200 if verb in ALLOWED[start] else 400), answer.text
        if answer.status_code == 400:
            said = answer.get_json()
            assert said["error"] in ("illegal_move", "return_open")
            assert start.partition(":")[0] in said["message"]
    if verb not in ALLOWED[start]:
        after = (order_of(world, order_id), stock_of(world.app, rice), money(world), len(world.consumer.heard))
        assert after == before


def test_the_same_move_twice_names_both_states(world: World, rice: int) -> None:
    order_id = delivered(world, {rice: 4})
    raised(world, order_id, {rice: 1})
    do(world, order_id, "accept")
    assert refused(world, order_id, "accept")["message"].count("return_accepted") == 2
    do(world, order_id, "complete")
    assert refused(world, order_id, "complete")["message"].count("return_completed") == 2
    raised(world, order_id, {rice: 1})
    do(world, order_id, "reject")
    said = refused(world, order_id, "reject")["message"]
    assert said == "The order is return_completed: its last return, which is rejected, cannot become rejected"


NO_QUANTITIES: list[object] = [0, -1, 1.5, "1", True, None, [1], {}]
ITEMS: list[tuple[object, str]] = [
    (None, "validation_error"),
    ([], "validation_error"),
    ({}, "validation_error"),
    ("x", "validation_error"),
    ([None], "validation_error"),
    ([{}], "validation_error"),
    ([{"item_id": "rice"}], "validation_error"),
    *(([{"item_id": "rice", "quantity": quantity}], "validation_error") for quantity in NO_QUANTITIES),
    *(
        ([{"item_id": item_id, "quantity": 1}], "validation_error")
        for item_id in (0, -1, 1.5, "1", True, None, 2**53, 10**30)
    ),
    ([{"item_id": "rice", "quantity": 1}] * 1001, "validation_error"),
    ([{"item_id": "rice", "quantity": 1}, {"item_id": "rice", "quantity": 1}], "repeated_item"),
    ([{"item_id": "other", "quantity": 1}], "unknown_item"),
    ([{"item_id": "rice", "quantity": 1}, {"item_id": 2**53 - 1, "quantity": 1}], "unknown_item"),
    ([{"item_id": "rice", "quantity": 5}], "more_than_delivered"),
    ([{"item_id": "rice", "quantity": 10**30}], "more_than_delivered"),
]


@pytest.mark.parametrize(("items", "word"), ITEMS)
def test_items_that_cannot_come_back_are_400(world: World, rice: int, items: Any, word: str) -> None:
    order_id = delivered(world, {rice: 4})
    named = {"rice": rice, "other": world.vendor.add_item("Tea")}
    if isinstance(items, list):
        items = [
            {**line, "item_id": named.get(line["item_id"], line["item_id"])} if line and "item_id" in line else line
            for line in items
        ]
    said = refused(world, order_id, "initiate", {"reason": "Broken", "items": items})
    assert said["error"] == word, said
    assert (order_of(world, order_id)["status"], states(world, order_id)) == ("delivered", [])


@pytest.mark.parametrize("reason", [None, "", "  ", 5, True, ["x"], {}, "x" * 501, "a\x00b", "\x1b[2J", "missing"])
def test_a_return_needs_a_reason(world: World, rice: int, reason: object) -> None:
    order_id = delivered(world, {rice: 4})
    body = asked({rice: 1}, reason)
    if reason == "missing":
        del body["reason"]
    assert refused(world, order_id, "initiate", body)["error"] == "validation_error"
    assert act(world, order_id, "initiate", asked({rice: 1}, "क" * 500)).status_code == 200


def test_somebody_elses_order_is_forbidden_and_an_unknown_one_unknown(world: World, rice: int) -> None:
    order_id = delivered(world, {rice: 4})
    raised(world, order_id, {rice: 1})
    other = Vendor(world.app, "vendor", world.society)
    for verb in VERBS[:-1]:
        path, body = f"/vendor/orders/{{}}/return/{verb}", asked({rice: 1})
        assert other.post(path.format(order_id), body, expect=404)["error"] == "shop_not_found"
        assert world.vendor.post(path.format(new_id()), body, expect=404)["error"] == "order_not_found"
        world.resident.post(path.format(order_id), body, expect=403)
    other.open_shop()
    for verb in VERBS[:-1]:
        path = f"/vendor/orders/{order_id}/return/{verb}"
        assert other.post(path, asked({rice: 1}), expect=403)["error"] == "not_your_order"
    assert states(world, order_id) == ["raised"]


def test_an_order_is_not_asked_back_without_end(world: World, rice: int) -> None:
    order_id = delivered(world, {rice: 4})
    for _ in range(REJECTED_MAX):
        raised(world, order_id, {rice: 1})
        do(world, order_id, "reject")
    assert raise_return(world, order_id, {rice: 1})["fault"] == "too_often_rejected"
    assert states(world, order_id) == ["rejected"] * REJECTED_MAX


# ---- money that is not there


def test_with_too_little_in_the_wallet_nothing_changes(world: World, rice: int) -> None:
    order_id = delivered(world, {rice: 4})
    raised(world, order_id, {rice: 4})
    do(world, order_id, "accept")
    spend(world, 1)
    before = (order_of(world, order_id), stock_of(world.app, rice), money(world), len(world.consumer.heard))
    assert refused(world, order_id, "complete")["error"] == "insufficient_balance"
    assert (order_of(world, order_id), stock_of(world.app, rice), money(world), len(world.consumer.heard)) == before
    delivered(world, {world.vendor.add_item(): 1})
    do(world, order_id, "complete")
    assert verdict(world).is_right


def test_an_order_whose_money_has_not_arrived_cannot_be_refunded_as_yet(world: World, rice: int) -> None:
    delivered(world, {rice: 5})  # there would be enough money in the wallet
    world.consumer.is_away = True
    order_id = delivered(world, {rice: 1})
    assert act(world, order_id, "initiate", asked({rice: 1})).status_code == 200
    said = refused(world, order_id, "complete")
    assert said["error"] == "not_settled" and "not reached" in said["message"]
    assert (states(world, order_id), stock_of(world.app, rice)) == (["accepted"], (4, 0, 4))


# ---- doubles


def test_a_wish_that_is_told_twice_is_one_return(world: World, rice: int) -> None:
    order_id = delivered(world, {rice: 4})
    wish_id = new_id()
    first = raise_return(world, order_id, {rice: 1}, wish_id=wish_id)
    assert raise_return(world, order_id, {rice: 1}, wish_id=wish_id) == first
    assert raise_return(world, order_id, {rice: 1}, wish_id=wish_id, message_id=f"again:{wish_id}") == first
    do(world, order_id, "accept")
    late = raise_return(world, order_id, {rice: 1}, wish_id=wish_id, message_id=f"late:{wish_id}")
    assert (late["fault"], late["state"]["status"]) == (None, "return_accepted")
    assert states(world, order_id) == ["accepted"]


def test_a_key_gives_the_first_answer_again_and_moves_once(world: World, rice: int) -> None:
    order_id = delivered(world, {rice: 4})
    for verb in ("initiate", "complete"):
        body = asked({rice: 1}) if verb == "initiate" else None
        first = act(world, order_id, verb, body, key=f"{verb}-1")
        again = act(world, order_id, verb, body, key=f"{verb}-1")
        assert (again.status_code, again.get_json()) == (200, first.get_json())
    raised(world, order_id, {rice: 1})
    assert act(world, order_id, "reject", key="reject-1").status_code == 200
    assert act(world, order_id, "reject", key="reject-1").status_code == 200
    assert states(world, order_id) == ["completed", "rejected"]
    assert stock_of(world.app, rice) == (7, 0, 7)


def test_the_number_of_queries_does_not_grow_with_the_returns(world: World, rice: int, statements: Statements) -> None:
    def ask() -> int:
        with statements() as seen:
            world.vendor.orders()
        return len(seen)

    raised(world, delivered(world, {rice: 1}), {rice: 1})
    few = ask()
    for _ in range(4):
        order_id = delivered(world, {rice: 2})
        raised(world, order_id, {rice: 1})
        do(world, order_id, "reject")
        raised(world, order_id, {rice: 2})
    assert ask() == few
