"""The conversation about an order: the same on both sides, each message once, acts of the order included."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.consumer.conftest import Statements
from tests.integration.consumer.people import World
from tests.integration.consumer.vendor_double import VENDOR_PHONE

NOT_MESSAGES = [None, "", "   ", "\n", "x" * 2001, "bell\u0000", "\u001b[2J", 5, True, ["x"], {"x": 1}]


def say(world: World, order_id: int, text: str, **options: Any) -> dict[str, Any]:
    return world.resident.post(f"/consumer/orders/{order_id}/message", {"message": text}, **options)


def said_by_vendor(order_id: int, text: str, *, name: str = "1", at: datetime | None = None) -> dict[str, Any]:
    moment = (at or datetime.now(UTC)).isoformat()
    return {"message_id": f"said:{order_id}-{name}", "order_id": order_id, "text": text, "at": moment}


def test_a_message_is_kept_as_it_was_written_and_the_shop_is_told_at_once(world: World) -> None:
    order_id = world.placed("cash")
    text = "दूध लाओ 😀\n <b>ring</b> 'twice'"
    assert say(world, order_id, f"  {text} ").keys() == {"status", "message"}
    page = world.resident.get(f"/consumer/orders/{order_id}/messages")
    (said,) = page["messages"]
    assert page["next_cursor"] is None
    assert said.pop("id") > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", said.pop("timestamp"))
    assert said == {"order_id": order_id, "sender_phone": world.resident.phone, "message": text}
    ((kind, told),) = world.vendor.noted
    assert (kind, told["order_id"], told["text"]) == ("chat.said_by_consumer", order_id, text)


def test_what_the_shop_says_stands_once_however_often_it_comes(world: World) -> None:
    order_id = world.placed("cash")
    said = said_by_vendor(order_id, "On my way")
    for message_id in ("a", "a", "b"):
        world.vendor.say("chat.said_by_vendor", said, message_id=f"{order_id}-{message_id}")
    assert world.resident.messages(order_id) == [(VENDOR_PHONE, "On my way")]


def test_a_conversation_is_shown_newest_first_by_the_time_it_was_said(world: World) -> None:
    order_id = world.placed("cash")
    say(world, order_id, "first")
    late = said_by_vendor(order_id, "said before, told later", at=datetime.now(UTC) - timedelta(minutes=1))
    world.vendor.say("chat.said_by_vendor", late)
    say(world, order_id, "last")
    texts = ["last", "first", "said before, told later"]
    assert [text for _, text in world.resident.messages(order_id)] == texts
    found, cursor = [], None
    for _ in texts:
        query = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = world.resident.get(f"/consumer/orders/{order_id}/messages", **query)
        found += [said["message"] for said in page["messages"]]
        cursor = page["next_cursor"]
    assert (found, cursor) == (texts, None)
    for bad in ("0", "-1", "x", "1.5", ""):
        world.resident.get(f"/consumer/orders/{order_id}/messages", limit=bad, expect=400)


def test_a_page_is_read_in_two_queries(world: World, statements: Statements) -> None:
    order_id = world.placed("cash")
    for number in range(3):
        say(world, order_id, f"message {number}")
    with statements() as seen:
        assert len(world.resident.messages(order_id)) == 3
    assert len(seen) == 2


def test_with_the_shop_away_a_message_is_sent_later_and_once(world: World) -> None:
    order_id = world.placed("cash")
    world.vendor.is_away = True
    say(world, order_id, "Are you there?")
    assert world.resident.messages(order_id) == [(world.resident.phone, "Are you there?")]
    world.vendor.is_away = False
    world.relay_until(lambda: bool(world.vendor.noted), "the relay tells the shop")
    assert [told["text"] for _, told in world.vendor.noted] == ["Are you there?"]


def test_the_same_key_says_it_once(world: World) -> None:
    order_id = world.placed("cash")
    key = {"Idempotency-Key": "say-1"}
    first = say(world, order_id, "Hello", headers=key)
    assert say(world, order_id, "Hello", headers=key) == first
    say(world, order_id, "Hello!", headers=key, expect=409)
    assert (len(world.resident.messages(order_id)), len(world.vendor.noted)) == (1, 1)


@pytest.mark.parametrize("text", NOT_MESSAGES)
def test_what_is_no_message_is_400_and_says_nothing(world: World, text: object) -> None:
    order_id = world.placed("cash")
    for body in ({"message": text}, {"text": "x"}, None):
        answer = world.resident.post(f"/consumer/orders/{order_id}/message", body, expect=400)
        assert answer["error"] == "validation_error"
    assert (world.resident.messages(order_id), world.vendor.noted) == ([], [])
    say(world, order_id, "क" * 2000)


def test_somebody_elses_conversation_is_403_and_that_of_an_unknown_order_404(world: World) -> None:
    order_id = world.placed("cash")
    say(world, order_id, "Hello")
    neighbour = world.neighbour()
    assert neighbour.get(f"/consumer/orders/{order_id}/messages", expect=403)["error"] == "not_your_order"
    neighbour.post(f"/consumer/orders/{order_id}/message", {"message": "x"}, expect=403)
    for unknown in (2**53 - 1, 2**53, "x"):
        world.resident.get(f"/consumer/orders/{unknown}/messages", expect=404)
        world.resident.post(f"/consumer/orders/{unknown}/message", {"message": "x"}, expect=404)
    assert len(world.resident.messages(order_id)) == 1


def test_placing_and_moves_without_a_word_leave_no_message(world: World) -> None:
    order_id = world.placed("cash")
    world.vendor.move_and_tell(order_id, "accepted")
    world.vendor.move_and_tell(order_id, "delivered")
    rejected = world.placed("cash")
    world.vendor.move_and_tell(rejected, "rejected")
    assert world.resident.messages(order_id) == world.resident.messages(rejected) == []


def test_a_consumers_cancel_leaves_one_message_from_the_consumer(world: World) -> None:
    order_id = world.placed("cash")
    world.resident.cancel(order_id, reason="Too late")
    world.resident.cancel(order_id, expect=400)
    assert world.resident.messages(order_id) == [(world.resident.phone, "The order was cancelled: Too late")]
    assert world.vendor.noted == [], "the vendor wrote its own when it decided"


def test_a_cancel_that_is_decided_late_leaves_its_message_then_and_once(world: World) -> None:
    order_id = world.placed("cash")
    world.wire.loses_replies = 1
    world.resident.cancel(order_id, expect=202)
    assert world.resident.messages(order_id) == []
    world.relay_until(lambda: world.resident.status(order_id) == "cancelled", "the relay asks again")
    world.vendor.tell(world.vendor.history[order_id][-1])
    assert [phone for phone, _ in world.resident.messages(order_id)] == [world.resident.phone]


def test_a_cancel_that_comes_too_late_leaves_no_message(world: World) -> None:
    order_id = world.placed("cash")
    world.vendor.move(order_id, "delivered")
    world.resident.cancel(order_id, expect=400)
    assert world.resident.messages(order_id) == []


def test_an_order_cancelled_before_it_arrived_has_its_message_once(world: World) -> None:
    world.resident.fill(world.rice)
    world.vendor.is_away = True
    order_id = world.resident.confirm("cash", expect=202)["order_id"]
    say(world, order_id, "Hello?")
    world.vendor.is_away = False
    world.resident.cancel(order_id)
    world.relay_until(lambda: world.wire.sent[f"place:{order_id}"] > 1, "the relay sends the order after all")
    texts = [text for _, text in world.resident.messages(order_id)]
    assert texts == ["The order was cancelled", "Hello?"]


@pytest.mark.parametrize(
    ("by", "phone", "text"),
    [
        ("vendor", VENDOR_PHONE, "The order was cancelled"),
        ("timer", "", "The order was cancelled because nobody answered in time"),
    ],
)
def test_who_cancels_leaves_the_message(world: World, by: str, phone: str, text: str) -> None:
    order_id = world.placed("cash")
    state = world.vendor.move(order_id, "cancelled", by=by)
    for _ in range(2):
        world.vendor.tell(state)
    assert world.resident.messages(order_id) == [(phone, text)]


@pytest.mark.parametrize("order_of_arrival", [(2, 3, 4), (4, 3, 2), (4, 2, 3, 2, 4)])
def test_every_act_leaves_its_message_in_whatever_order_it_is_told(
    world: World, order_of_arrival: tuple[int, ...]
) -> None:
    order_id = world.placed("cash")
    first = world.vendor.history[order_id][0]
    acts = [("awaiting_consumer_confirmation", "vendor"), ("confirmed", "consumer"), ("cancelled", "vendor")]
    states = {
        version: first.model_copy(
            update={"version": version, "status": status, "by": by, "at": first.at + timedelta(seconds=version)}
        )
        for version, (status, by) in enumerate(acts, start=2)
    }
    for version in order_of_arrival:
        world.vendor.tell(states[version])
    ravi = world.resident.phone
    assert [phone for phone, _ in world.resident.messages(order_id)] == [VENDOR_PHONE, ravi, VENDOR_PHONE]
