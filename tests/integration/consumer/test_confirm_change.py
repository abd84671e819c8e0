"""A shop makes an order smaller: it shows at once, and the consumer confirms it, cancels, or lets the time run out."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.integration.consumer.conftest import IS_SQLITE
from tests.integration.consumer.people import World
from tests.integration.consumer.test_order_protocol import SETTLING, steps, struck
from tests.integration.mechanisms.transports import at_once

AWAITING = "awaiting_consumer_confirmation"


def with_order(world: World, mode: str = "wallet", *, rice: int = 4, tea: int = 1) -> int:
    """An order of rice (10.50) and tea (21), 63.00 in all unless told otherwise; 100 rupees were loaded."""
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=rice)
    world.resident.fill(world.tea, quantity=tea)
    return int(world.resident.confirm(mode)["order_id"])


def amounts(world: World, order_id: int) -> tuple[str, float, float, dict[str, int]]:
    """(status, total_amount, final_amount, pieces by name) as the consumer sees them."""
    order = world.resident.order(order_id)
    pieces = {line["name"]: line["quantity"] for line in order["items"]}
    assert order["item_count"] == len(pieces)
    assert sum(line["subtotal"] for line in order["items"]) == order["final_amount"]
    return order["status"], order["total_amount"], order["final_amount"], pieces


def test_a_proposal_shows_at_once_and_moves_no_money(world: World) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 2, world.tea: 0})
    assert amounts(world, order_id) == (AWAITING, 63, 21, {"Rice": 2})
    assert world.resident.balance() == 37
    [listed] = world.resident.get("/consumer/order/history")["orders"]
    assert (listed["total_amount"], listed["final_amount"], listed["item_count"]) == (63, 21, 1)


@pytest.mark.parametrize(("mode", "refund"), [("wallet", 42), ("cash", 0)])
def test_confirming_makes_the_proposal_the_order_and_gives_the_difference_back(
    world: World, mode: str, refund: float
) -> None:
    order_id = with_order(world, mode)
    world.vendor.modify_and_tell(order_id, {world.rice: 2, world.tea: 0})
    answer = world.resident.confirm_change(order_id)
    assert answer.keys() == {"status", "message", "refund"}
    assert answer["refund"] == refund
    assert amounts(world, order_id) == ("confirmed", 21, 21, {"Rice": 2})
    assert world.resident.balance() == (79 if mode == "wallet" else 100)
    assert steps(world, order_id) == [("pending", "consumer"), (AWAITING, "vendor"), ("confirmed", "consumer")]
    assert world.vendor.move_and_tell(order_id, "delivered") == (2100 if mode == "wallet" else 0)
    assert world.resident.balance() == (79 if mode == "wallet" else 100)
    assert world.resident.order(order_id)["payment_status"] == "paid"


def test_the_wallets_history_shows_what_was_charged_and_what_came_back(world: World) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})
    world.resident.confirm_change(order_id)
    world.vendor.modify_and_tell(order_id, {world.rice: 3, world.tea: 0})
    assert world.resident.confirm_change(order_id)["refund"] == 21
    world.resident.cancel(order_id)
    assert world.resident.movements() == [
        ("refund", 31.5),
        ("refund", 21),
        ("refund", 10.5),
        ("debit", 63),
        ("recharge", 100),
    ]
    assert world.resident.balance() == 100


@pytest.mark.parametrize("start", ["pending", "accepted", "rejected", "delivered", "cancelled", "confirmed"])
def test_where_nothing_is_proposed_it_is_400_that_names_both_states(world: World, start: Any) -> None:
    order_id = with_order(world)
    if start == "confirmed":
        world.vendor.modify_and_tell(order_id, {world.rice: 3})
        world.resident.confirm_change(order_id)
    elif start != "pending":
        world.vendor.move_and_tell(order_id, start)
    sent = world.wire.sent.copy()
    refused = world.resident.confirm_change(order_id, expect=400)
    assert (refused["error"], refused["message"]) == (
        "illegal_move",
        f"An order that is {start} cannot become confirmed",
    )
    assert world.wire.sent == sent, "the vendor is not asked"
    assert world.resident.status(order_id) == start


@pytest.mark.parametrize("by", ["vendor", "timer"])
def test_a_cancel_that_was_faster_decides(world: World, by: str) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})
    untold = world.vendor.move(order_id, "cancelled", by=by)
    refused = world.resident.confirm_change(order_id, expect=400)
    assert refused["message"] == "An order that is cancelled cannot become confirmed"
    assert amounts(world, order_id) == ("cancelled", 63, 63, {"Rice": 4, "Tea": 1})
    assert world.resident.balance() == 100
    world.vendor.tell(untold)
    assert steps(world, order_id)[-1] == ("cancelled", by)
    assert world.resident.movements()[0] == ("refund", 63)


@pytest.mark.parametrize(("mode", "refund"), [("wallet", 63), ("cash", 0)])
def test_cancelling_instead_gives_back_all_that_was_charged(world: World, mode: str, refund: float) -> None:
    order_id = with_order(world, mode)
    world.vendor.modify_and_tell(order_id, {world.rice: 2, world.tea: 0})
    assert world.resident.cancel(order_id)["refund"] == refund
    assert amounts(world, order_id) == ("cancelled", 63, 63, {"Rice": 4, "Tea": 1})
    assert world.resident.balance() == 100
    assert (world.vendor.items[world.rice].in_stock, world.vendor.items[world.tea].in_stock) == (50, 50)


def test_after_a_confirmed_change_a_cancel_gives_back_the_new_total(world: World) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 2})
    world.resident.confirm_change(order_id)
    assert world.resident.cancel(order_id)["refund"] == 42
    assert world.resident.balance() == 100
    assert (world.vendor.items[world.rice].in_stock, world.vendor.items[world.tea].in_stock) == (50, 50)


def test_with_the_vendor_away_it_is_202_and_the_relay_finishes(world: World) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})
    world.vendor.is_away = True
    assert world.resident.confirm_change(order_id, expect=202)["refund"] is None
    assert world.resident.confirm_change(order_id, expect=202)["refund"] is None
    assert (world.resident.status(order_id), world.resident.balance()) == (AWAITING, 37)
    world.vendor.is_away = False
    world.relay_until(lambda: world.resident.status(order_id) == "confirmed", "the relay asks the vendor")
    assert world.resident.balance() == 47.5


def test_a_lost_reply_is_202_and_its_key_gives_the_outcome_later(world: World) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})
    world.wire.loses_replies = 1
    assert world.resident.confirm_change(order_id, key="yes", expect=202)["refund"] is None
    assert world.vendor.history[order_id][-1].status == "confirmed"
    world.relay_until(lambda: world.resident.status(order_id) == "confirmed", "the relay asks again")
    assert world.resident.confirm_change(order_id, key="yes")["refund"] == 10.5
    world.vendor.move_and_tell(order_id, "delivered")
    assert world.resident.confirm_change(order_id, key="yes")["refund"] == 10.5, (
        "whatever followed, that was the answer"
    )
    assert world.resident.movements() == [("refund", 10.5), ("debit", 63), ("recharge", 100)]


def test_a_confirmation_that_turns_out_to_be_too_late_frees_its_key(world: World) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})
    world.vendor.is_away = True
    world.resident.confirm_change(order_id, key="yes", expect=202)
    world.vendor.move(order_id, "cancelled", by="timer")
    world.vendor.is_away = False
    world.relay_until(lambda: world.resident.status(order_id) == "cancelled", "the relay hears that it is cancelled")
    refused = world.resident.confirm_change(order_id, key="yes", expect=400)
    assert "cancelled" in refused["message"] and "confirmed" in refused["message"]
    path, headers = f"/consumer/orders/{order_id}/confirm-modified", {"Idempotency-Key": "yes"}
    world.resident.post(path, {"another": "body"}, headers=headers, expect=400)
    assert world.resident.balance() == 100


def test_a_vendor_who_changed_it_again_meanwhile_is_not_confirmed_blindly(world: World) -> None:
    """The yes to the first change arrives, its reply is lost; when it is asked again there is a second change."""
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})
    world.wire.loses_replies = 1
    world.resident.confirm_change(order_id, expect=202)
    second = world.vendor.modify(order_id, {world.rice: 1})
    assert world.resident.confirm_change(order_id)["refund"] == 10.5, "the answer is about the first change"
    assert amounts(world, order_id) == ("confirmed", 52.5, 52.5, {"Rice": 3, "Tea": 1})
    world.vendor.tell(second)
    assert amounts(world, order_id) == (AWAITING, 52.5, 31.5, {"Rice": 1, "Tea": 1})
    assert world.vendor.history[order_id][-1].status == AWAITING
    assert world.resident.confirm_change(order_id)["refund"] == 21
    assert world.resident.balance() == 68.5


def test_confirmed_and_changed_again_before_the_reply_is_known_is_still_a_yes_to_the_first(world: World) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})

    def change_again(_key: str) -> None:
        world.wire.after_send = None
        world.vendor.modify_and_tell(order_id, {world.rice: 1})

    world.wire.after_send = change_again
    assert world.resident.confirm_change(order_id)["refund"] == 10.5
    assert amounts(world, order_id) == (AWAITING, 52.5, 31.5, {"Rice": 1, "Tea": 1})
    assert world.resident.balance() == 47.5


def test_somebody_elses_order_is_403_and_an_unknown_one_404(world: World) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})
    assert world.neighbour().confirm_change(order_id, expect=403)["error"] == "not_your_order"
    world.resident.confirm_change(2**52, expect=404)
    assert world.resident.status(order_id) == AWAITING


@pytest.mark.parametrize("body", [b"", b"null", b"{}", b"[]", b"{", b'"x"', b"\x00", b'{"change": 1e400}'])
def test_whatever_body_is_sent_is_no_error_of_ours(world: World, body: bytes) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})
    path = f"/consumer/orders/{order_id}/confirm-modified"
    answer = world.resident.raw("POST", path, data=body, content_type="application/json")
    assert answer.status_code in (200, 400)
    assert world.resident.status(order_id) == ("confirmed" if answer.status_code == 200 else AWAITING)


@pytest.mark.parametrize(
    "point", ["consumer.orders.confirm_change.after_commit", "outbox.before_send", "outbox.after_send", SETTLING]
)
def test_a_process_that_fails_at_any_step_leaves_a_change_that_is_finished(world: World, point: str) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})
    with struck(point):
        answer = world.resident.raw("POST", f"/consumer/orders/{order_id}/confirm-modified")
    assert answer.status_code in (202, 500)
    world.relay_until(lambda: world.resident.status(order_id) == "confirmed", "the relay finishes it")
    assert world.resident.balance() == 47.5


ARRIVALS = [
    (2, 3, 4, 5, 6),
    (6,),
    (6, 5, 4, 3, 2),
    (3, 2, 5, 4, 6),
    (5, 6, 2, 4, 3),
    (2, 6, 3, 3, 2),
    (4, 4, 6, 6, 5),
    (3, 6),
    (2, 4, 6),
    (5, 3, 6, 6),
]


@pytest.mark.parametrize("end", ["delivered", "cancelled"])
@pytest.mark.parametrize("arrival", ARRIVALS, ids=str)
def test_changes_may_be_told_late_doubled_in_any_order_or_be_skipped(
    world: World, arrival: tuple[int, ...], end: Any
) -> None:
    order_id = with_order(world)  # 63.00
    world.vendor.modify(order_id, {world.rice: 3})  # 52.50
    world.vendor.receive("orders.confirm_change", f"c:{order_id}:1", {"order_id": order_id, "change": 1})
    world.vendor.modify(order_id, {world.rice: 1})  # 31.50
    world.vendor.receive("orders.confirm_change", f"c:{order_id}:2", {"order_id": order_id, "change": 2})
    world.vendor.move(order_id, end)
    states = {state.version: state for state in world.vendor.history[order_id]}
    captured = [world.vendor.tell(states[version]) for version in arrival]
    is_delivered = end == "delivered"
    assert [paise for version, paise in zip(arrival, captured, strict=True) if version == 6] == (
        [3150 if is_delivered else 0] * arrival.count(6)
    )
    assert amounts(world, order_id) == (end, 31.5, 31.5, {"Rice": 1, "Tea": 1})
    assert world.resident.balance() == (68.5 if is_delivered else 100)
    assert set(steps(world, order_id)) == {(states[version].status, states[version].by) for version in {1, *arrival}}


def test_a_proposal_that_is_told_before_the_reply_to_placing_is_shown(world: World) -> None:
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=4)

    def change_at_once(key: str) -> None:
        world.wire.after_send = None
        world.vendor.modify_and_tell(int(key.removeprefix("place:")), {world.rice: 1})

    world.wire.after_send = change_at_once
    order_id = world.resident.confirm()["order_id"]
    assert amounts(world, order_id) == (AWAITING, 42, 10.5, {"Rice": 1})
    assert world.resident.confirm_change(order_id)["refund"] == 31.5


needs_postgres = pytest.mark.skipif(IS_SQLITE, reason="races across connections are PostgreSQL's")


@needs_postgres
def test_twenty_confirmations_at_once_give_the_difference_back_once(world: World) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})
    path = f"/consumer/orders/{order_id}/confirm-modified"
    answers = Counter(at_once(20, lambda _number: world.resident.raw("POST", path).status_code))
    assert answers[200] >= 1 and set(answers) <= {200, 400}
    assert world.resident.movements() == [("refund", 10.5), ("debit", 63), ("recharge", 100)]


@needs_postgres
@pytest.mark.parametrize("attempt", range(4))
def test_of_confirm_and_cancel_at_once_the_money_is_right(world: World, attempt: int) -> None:
    order_id = with_order(world)
    world.vendor.modify_and_tell(order_id, {world.rice: 3})
    paths = [f"/consumer/orders/{order_id}/{verb}" for verb in ("confirm-modified", "cancel")]
    confirmed, cancelled = at_once(2, lambda number: world.resident.raw("POST", paths[number]).status_code)
    assert (confirmed, cancelled) in ((200, 200), (400, 200))
    assert world.resident.status(order_id) == world.vendor.history[order_id][-1].status == "cancelled"
    assert world.resident.balance() == 100
