"""The conversation about an order, at the shop: the same as the consumer's, each message once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.integration.vendor.conftest import Statements
from tests.integration.vendor.people import Vendor, World, new_id

NOT_MESSAGES = [None, "", "   ", "\n", "x" * 2001, "bell\u0000", "\u001b[2J", 5, True, ["x"], {"x": 1}]


def say(world: World, order_id: int, text: str, **options: Any) -> dict[str, Any]:
    return world.vendor.post(f"/vendor/orders/{order_id}/message", {"message": text}, **options)


def hear(world: World, order_id: int, text: str, *, name: str = "1", message_id: str = "") -> None:
    """The consumer service tells what its consumer said."""
    said_id = f"said:{order_id}-{name}"
    said = {"message_id": said_id, "order_id": order_id, "text": text, "at": datetime.now(UTC).isoformat()}
    assert world.consumer.tell("chat.said_by_consumer", message_id or said_id, said) == {}


def test_both_sides_of_a_conversation_stand_with_their_numbers(world: World) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    hear(world, order_id, "Is it fresh?")
    say(world, order_id, "  Yes 😀\nof today ")
    assert world.vendor.messages(order_id) == [
        (world.vendor.phone, "Yes 😀\nof today"),
        (world.resident.phone, "Is it fresh?"),
    ]
    ((kind, told),) = world.consumer.noted
    assert (kind, told["order_id"], told["text"]) == ("chat.said_by_vendor", order_id, "Yes 😀\nof today")
    page = world.vendor.get(f"/vendor/orders/{order_id}/messages", limit=1)
    assert page["messages"][0].keys() == {"id", "order_id", "sender_phone", "message", "timestamp"}
    rest = world.vendor.get(f"/vendor/orders/{order_id}/messages", limit=1, cursor=page["next_cursor"])
    assert ([said["message"] for said in rest["messages"]], rest["next_cursor"]) == (["Is it fresh?"], None)


def test_a_message_that_comes_twice_stands_once(world: World) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    for message_id in ("a", "a", "b"):
        hear(world, order_id, "Hello", message_id=f"{order_id}-{message_id}")
    assert len(world.vendor.messages(order_id)) == 1


def test_a_message_may_come_before_its_order(world: World) -> None:
    order = world.order({world.vendor.add_item(): 1})
    hear(world, order.order_id, "Are you open?")
    world.vendor.get(f"/vendor/orders/{order.order_id}/messages", expect=404)
    world.consumer.place(order)
    assert world.vendor.messages(order.order_id) == [(world.resident.phone, "Are you open?")]


def test_the_number_of_queries_does_not_grow_with_the_messages(world: World, statements: Statements) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    for number in range(4):
        hear(world, order_id, "Hello", name=str(number))
    with statements() as seen:
        assert len(world.vendor.messages(order_id)) == 4
    assert len(seen) == 4  # has the caller a shop, the order, which shop, its messages


def test_with_the_consumer_service_away_a_message_is_said_all_the_same(world: World) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    world.consumer.is_away = True
    say(world, order_id, "Coming")
    assert world.vendor.messages(order_id) == [(world.vendor.phone, "Coming")]


@pytest.mark.parametrize("text", NOT_MESSAGES)
def test_what_is_no_message_is_400_and_says_nothing(world: World, text: object) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    for body in ({"message": text}, {"text": "x"}, None):
        world.vendor.post(f"/vendor/orders/{order_id}/message", body, expect=400)
    assert (world.vendor.messages(order_id), world.consumer.noted) == ([], [])
    say(world, order_id, "क" * 2000)


def test_another_shops_conversation_is_403_and_that_of_an_unknown_order_404(world: World) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    other = Vendor(world.app, "vendor", world.society)
    refused = other.get(f"/vendor/orders/{order_id}/messages", expect=404)
    assert refused["message"] == "Shop not found"
    other.open_shop()
    other.get(f"/vendor/orders/{order_id}/messages", expect=403)
    other.post(f"/vendor/orders/{order_id}/message", {"message": "x"}, expect=403)
    say(world, new_id(), "x", expect=404)
    assert world.vendor.messages(order_id) == []


def test_the_vendors_cancel_leaves_one_message_and_its_words_travel_with_the_state(world: World) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    world.vendor.post(f"/vendor/orders/{order_id}/cancel", {"reason": "Sold out"})
    world.vendor.post(f"/vendor/orders/{order_id}/cancel", expect=400)
    assert world.vendor.messages(order_id) == [(world.vendor.phone, "The order was cancelled: Sold out")]
    assert world.consumer.noted == [], "the consumer service writes its own when it hears of the move"
    (told,) = world.consumer.heard
    assert (told["reason"], told["vendor_phone"]) == ("Sold out", world.vendor.phone)


def test_a_consumers_cancel_leaves_one_message_from_the_consumer_however_often_it_comes(world: World) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    for _ in range(2):
        world.consumer.cancel(order_id, reason="late")
    assert world.vendor.messages(order_id) == [(world.resident.phone, "The order was cancelled: late")]


def test_a_proposal_and_its_confirmation_leave_one_message_each_from_who_made_them(world: World) -> None:
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 3})
    smaller = {"modifications": [{"item_id": item_id, "quantity": 2}]}
    world.vendor.post(f"/vendor/orders/{order_id}/modify", smaller)
    world.vendor.post(f"/vendor/orders/{order_id}/modify", smaller, expect=400)
    for name in ("first", "again"):
        world.consumer.tell("orders.confirm_change", f"confirm:{order_id}:{name}", {"order_id": order_id, "change": 1})
    assert world.vendor.messages(order_id) == [
        (world.resident.phone, "The changes to the order were confirmed"),
        (world.vendor.phone, "The order was changed; please confirm the changes or cancel the order"),
    ]


def test_a_cancel_that_comes_too_late_and_other_moves_leave_none(world: World) -> None:
    order_id = world.delivered()
    world.consumer.cancel(order_id)
    rejected = world.place({world.vendor.add_item(): 1})
    world.vendor.set_status(rejected, "rejected")
    assert world.vendor.messages(order_id) == world.vendor.messages(rejected) == []
