"""Placing and cancelling by message: refusals, tombstones, doubles, and messages in the wrong order."""

from __future__ import annotations

from typing import Any

import pytest

from habrio_shared.contracts.orders import PlaceOrder
from habrio_shared.database import reading
from habrio_vendor.orders.models import VendorOrder
from tests.integration.vendor.people import Vendor, World, new_id
from tests.integration.vendor.test_items import stock_of


def row(world: World, order_id: int) -> VendorOrder:
    with world.app.app_context(), reading() as session:
        return session.get_one(VendorOrder, order_id)


def refused(world: World, order: PlaceOrder, word: str) -> dict[str, Any]:
    """Place the order, check that it is refused with `word` and leaves nothing but a tombstone; the refusal."""
    state = world.consumer.place(order)
    assert (state["status"], state["version"], state["refusal"]["word"]) == ("refused", 1, word)
    assert state["refusal"]["message"]
    tombstone = row(world, order.order_id)
    assert (tombstone.status, tombstone.shop_id) == ("refused", None)
    assert all(shown["order_id"] != order.order_id for shown in world.vendor.orders())
    world.vendor.set_status(order.order_id, "accepted", expect=404)
    refusal: dict[str, Any] = state["refusal"]
    return refusal


def test_placing_reserves_every_line_and_freezes_the_commission(world: World) -> None:
    rice, tea = world.vendor.add_item(stock=10), world.vendor.add_item(stock=5)
    order = world.order({tea: 5, rice: 2})
    state = world.consumer.place(order)
    assert (state["status"], state["version"], state["by"], state["refusal"]) == ("pending", 1, "consumer", None)
    assert (stock_of(world.app, rice), stock_of(world.app, tea)) == ((10, 2, 10), (5, 5, 5))
    assert row(world, order.order_id).commission_basis_points == 500


def test_a_double_is_answered_by_the_row_and_changes_nothing(world: World) -> None:
    item_id = world.vendor.add_item(stock=10)
    order = world.order({item_id: 2})
    first = world.consumer.place(order)
    assert world.consumer.place(order) == first  # the same message
    assert world.consumer.place(order, message_id=f"again:{order.order_id}") == first  # another message, the same order
    world.vendor.set_status(order.order_id, "accepted")
    late = world.consumer.place(order, message_id=f"late:{order.order_id}")
    assert (late["status"], late["version"], late["by"]) == ("accepted", 2, "vendor")
    assert stock_of(world.app, item_id) == (10, 2, 10)


def test_a_refused_order_stays_refused_when_it_comes_again(world: World) -> None:
    item_id = world.vendor.add_item(stock=1)
    order = world.order({item_id: 2})
    refused(world, order, "not_enough_stock")
    world.vendor.post(f"/vendor/item/update/{item_id}", {"quantity_in_stock": 50})
    again = world.consumer.place(order, message_id=f"again:{order.order_id}")
    assert (again["status"], again["refusal"]["word"]) == ("refused", "not_enough_stock")
    assert stock_of(world.app, item_id) == (50, 0, 50)


def test_with_one_line_short_no_line_is_reserved(world: World) -> None:
    rice, tea, salt = (
        world.vendor.add_item(title, stock=stock) for title, stock in (("Rice", 9), ("Tea", 3), ("Salt", 0))
    )
    refusal = refused(world, world.order({rice: 1, tea: 4, salt: 1}), "not_enough_stock")
    assert refusal["lines"] == [
        {"item_id": tea, "title": "Tea", "price_paise": 1050, "available": 3},
        {"item_id": salt, "title": "Salt", "price_paise": 1050, "available": 0},
    ]
    assert [stock_of(world.app, item_id)[1] for item_id in (rice, tea, salt)] == [0, 0, 0]


def test_a_price_that_is_no_longer_the_one_shown_is_refused_with_the_new_one(world: World) -> None:
    rice, tea = world.vendor.add_item("Rice"), world.vendor.add_item("Tea")
    order = world.order({rice: 1, tea: 1})
    world.vendor.post(f"/vendor/item/update/{rice}", {"price": 12})
    refusal = refused(world, order, "price_changed")
    assert refusal["lines"] == [{"item_id": rice, "title": "Rice", "price_paise": 1200, "available": 10}]


def test_what_is_not_on_sale_is_refused(world: World) -> None:
    rice, tea = world.vendor.add_item("Rice"), world.vendor.add_item("Tea")
    elsewhere = Vendor(world.app, "vendor", world.society)
    elsewhere.open_shop()
    foreign = elsewhere.add_item()
    world.vendor.post(f"/vendor/item/{tea}/toggle")
    refusal = refused(world, world.order({rice: 1, tea: 1, foreign: 1, 999_999_999: 1}), "item_unavailable")
    assert [line["item_id"] for line in refusal["lines"]] == [tea, foreign, 999_999_999]
    assert stock_of(world.app, rice)[1] == 0


def test_a_closed_shop_refuses(world: World) -> None:
    item_id = world.vendor.add_item()
    world.vendor.post("/vendor/shop/toggle-status", {"is_open": False})
    refused(world, world.order({item_id: 1}), "shop_closed")


@pytest.mark.parametrize("where", [{"society": "Elsewhere"}, {"city": "Mumbai"}, {"shop_id": 999_999_999}])
def test_an_unknown_shop_and_one_of_another_society_refuse_alike(world: World, where: dict[str, Any]) -> None:
    refused(world, world.order({world.vendor.add_item(): 1}, **where), "shop_not_found")


def test_an_order_that_is_cancelled_before_it_arrives_is_never_placed(world: World) -> None:
    item_id = world.vendor.add_item()
    order = world.order({item_id: 1})
    cancelled = world.consumer.cancel(order.order_id, reason="changed my mind")
    assert (cancelled["status"], cancelled["version"], cancelled["by"]) == ("cancelled", 1, "consumer")
    late = world.consumer.place(order)
    assert (late["status"], late["version"], late["refusal"]["word"]) == ("cancelled", 1, "order_cancelled")
    assert world.consumer.cancel(order.order_id) == cancelled
    assert stock_of(world.app, item_id) == (10, 0, 10)
    assert world.vendor.orders() == []
    world.vendor.set_status(order.order_id, "accepted", expect=404)


@pytest.mark.parametrize("accepted", [False, True])
def test_the_consumer_cancels_until_delivery_and_the_stock_comes_back(world: World, accepted: bool) -> None:
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    if accepted:
        world.vendor.set_status(order_id, "accepted")
    state = world.consumer.cancel(order_id, reason="late")
    assert (state["status"], state["by"], state["reason"]) == ("cancelled", "consumer", "late")
    assert state["version"] == 2 + accepted
    assert stock_of(world.app, item_id) == (10, 0, 10)
    assert world.consumer.cancel(order_id) == state
    assert world.vendor.orders()[0]["status"] == "cancelled"
    told = world.consumer.heard_of(order_id)
    assert told == [("accepted", 2, "vendor")] * accepted, "a consumer's own cancel is answered, not told"


@pytest.mark.parametrize("status", ["delivered", "rejected"])
def test_a_cancel_that_comes_too_late_is_answered_by_how_the_order_stands(world: World, status: str) -> None:
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    world.vendor.set_status(order_id, status)
    state = world.consumer.cancel(order_id)
    assert (state["status"], state["version"], state["by"]) == (status, 2, "vendor")
    assert stock_of(world.app, item_id)[1] == 0


def test_a_cancel_of_a_refused_order_says_that_it_was_refused(world: World) -> None:
    order = world.order({999_999_999: 1})
    world.consumer.place(order)
    assert world.consumer.cancel(order.order_id)["status"] == "refused"


@pytest.mark.parametrize("body", [{}, {"order_id": 1}, {"order_id": "x", "shop_id": 1, "lines": []}])
def test_a_message_that_breaks_its_contract_is_refused_and_leaves_nothing(world: World, body: dict[str, Any]) -> None:
    message_id = f"place:{new_id()}"
    answer = world.consumer.ask("/internal/messages/orders.place", body, expect=400, message_id=message_id)
    assert answer["error"] == "validation_error"
