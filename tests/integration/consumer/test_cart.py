"""The cart: one shop at a time, at most ten of an item, shown as it is now."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.consumer.conftest import Statements
from tests.integration.consumer.people import World

NOT_QUANTITIES = ["2", "x", 1.5, True, False, -1, 0, 11, 10**30, None, [1], {}]


def test_a_line_shows_everything_the_apps_know_it_by(world: World) -> None:
    world.resident.fill(world.rice, quantity=3)
    view = world.resident.get("/consumer/cart/view")
    (line,) = view["cart"]
    assert line.pop("id") > 0
    assert line == {
        "item_id": world.rice,
        "item_name": "Rice",
        "title": "Rice",
        "name": "Rice",
        "brand": "Asha",
        "image_url": f"https://img.example/{world.rice}.png",
        "available": True,
        "price": 10.5,
        "mrp": 12,
        "savings": 4.5,
        "quantity": 3,
        "unit": "kg",
        "pack_size": "1 kg",
        "subtotal": 31.5,
        "shop_id": world.vendor.items[world.rice].shop_id,
        "shop_name": "Asha General Store",
    }
    assert {name: view[name] for name in ("total_price", "total_savings", "stale")} == {
        "total_price": 31.5,
        "total_savings": 4.5,
        "stale": False,
    }


def test_an_empty_cart_is_shown_without_asking_anybody(world: World) -> None:
    view = world.resident.get("/consumer/cart/view")
    assert view == {"status": "success", "cart": [], "total_price": 0, "total_savings": 0, "stale": False}
    assert world.catalogue.asked == []


def test_a_cart_of_many_lines_asks_once_and_reads_once(world: World, statements: Statements) -> None:
    items = [world.sell(f"Item {number}").item_id for number in range(12)]
    world.resident.fill(*items)
    world.catalogue.asked.clear()
    with statements() as seen:
        assert len(world.resident.cart()) == 12
    assert world.catalogue.asked == [items]
    assert len(seen) == 1


def test_adding_adds_up_to_ten_and_no_further(world: World) -> None:
    world.resident.post("/consumer/cart/add", {"item_id": world.rice})
    world.resident.fill(world.rice, quantity=9)
    refused = world.resident.post("/consumer/cart/add", {"item_id": world.rice}, expect=400)
    assert refused["error"] == "cart_limit"
    assert [line["quantity"] for line in world.resident.cart()] == [10]


@pytest.mark.parametrize("quantity", NOT_QUANTITIES)
def test_what_is_no_quantity_is_400(world: World, quantity: object) -> None:
    world.resident.fill(world.rice)
    for path in ("add", "update"):
        body = {"item_id": world.rice, "quantity": quantity}
        assert world.resident.post(f"/consumer/cart/{path}", body, expect=400)["error"] == "validation_error"
    assert [line["quantity"] for line in world.resident.cart()] == [1]


@pytest.mark.parametrize("item_id", ["7", 1.0, True, -1, 0, 2**53, 10**30, None, [1]])
def test_what_is_no_id_is_400(world: World, item_id: object) -> None:
    for path in ("add", "update", "remove"):
        world.resident.post(f"/consumer/cart/{path}", {"item_id": item_id, "quantity": 1}, expect=400)


@pytest.mark.parametrize("raw", ["1e0", "1E1", "1.0", "NaN", "Infinity", "-Infinity", "0x1", "01"])
def test_other_spellings_of_numbers_are_400(world: World, raw: str) -> None:
    body = f'{{"item_id": {world.rice}, "quantity": {raw}}}'
    answer = world.resident.raw("POST", "/consumer/cart/add", data=body, content_type="application/json")
    assert answer.status_code == 400, answer.text


def test_update_needs_a_quantity(world: World) -> None:
    world.resident.fill(world.rice)
    world.resident.post("/consumer/cart/update", {"item_id": world.rice}, expect=400)
    world.resident.post("/consumer/cart/update", {"item_id": world.rice, "quantity": 7})
    assert [line["quantity"] for line in world.resident.cart()] == [7]


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"available": False}, 404, "item_not_found"),
        ({"shop_is_open": False}, 400, "shop_closed"),
    ],
)
def test_what_cannot_be_had_cannot_be_added(world: World, change: dict[str, Any], status: int, word: str) -> None:
    world.vendor.change(world.rice, **change)
    refused = world.resident.post("/consumer/cart/add", {"item_id": world.rice}, expect=status)
    assert refused["error"] == word
    assert world.resident.cart() == []


def test_unknown_items_and_those_of_another_society_are_404(world: World) -> None:
    world.resident.post("/consumer/cart/add", {"item_id": 2**53 - 1}, expect=404)
    stranger = type(world.resident)(world.app, "Another Society")
    stranger.post("/consumer/cart/add", {"item_id": world.rice}, expect=404)


def test_one_shop_at_a_time(world: World) -> None:
    other = world.sell("Bread", shop_id=77).item_id
    world.resident.fill(world.rice)
    refused = world.resident.post("/consumer/cart/add", {"item_id": other}, expect=400)
    assert refused["error"] == "another_shop"
    world.resident.post("/consumer/cart/clear")
    world.resident.fill(other)
    assert [line["shop_id"] for line in world.resident.cart()] == [77]


def test_removing_and_clearing(world: World) -> None:
    world.resident.fill(world.rice, world.tea)
    world.resident.post("/consumer/cart/remove", {"item_id": world.rice})
    assert [line["title"] for line in world.resident.cart()] == ["Tea"]
    for path in ("remove", "update"):
        body = {"item_id": world.rice, "quantity": 1}
        assert world.resident.post(f"/consumer/cart/{path}", body, expect=404)["error"] == "not_in_cart"
    world.resident.post("/consumer/cart/clear")
    assert world.resident.cart() == []
    world.resident.post("/consumer/cart/clear", None)


def test_a_cart_is_nobody_elses(world: World) -> None:
    world.resident.fill(world.rice)
    neighbour = world.neighbour()
    assert neighbour.cart() == []
    neighbour.post("/consumer/cart/remove", {"item_id": world.rice}, expect=404)
    assert len(world.resident.cart()) == 1


def test_the_view_shows_prices_and_availability_as_they_are_now(world: World) -> None:
    world.resident.fill(world.rice, world.tea)
    world.vendor.change(world.rice, price_paise=1100, title="Basmati", mrp_paise=None)
    world.vendor.change(world.tea, available=False)
    rice, tea = world.resident.cart()
    assert (rice["price"], rice["title"], rice["mrp"], rice["savings"], rice["available"]) == (
        11,
        "Basmati",
        None,
        0,
        True,
    )
    assert (tea["price"], tea["available"]) == (21, False)
    del world.vendor.items[world.tea]
    assert [line["available"] for line in world.resident.cart()] == [True, False]


def test_with_the_vendor_away_the_view_is_stale_and_adding_is_503(world: World) -> None:
    world.resident.fill(world.rice)
    before = world.resident.get("/consumer/cart/view")
    world.vendor.change(world.rice, price_paise=9900)
    world.vendor.is_away = True
    assert world.resident.get("/consumer/cart/view") == {**before, "stale": True}
    assert (
        world.resident.post("/consumer/cart/add", {"item_id": world.tea}, expect=503)["error"] == "service_unavailable"
    )
    world.resident.post("/consumer/cart/update", {"item_id": world.rice, "quantity": 2})


def test_a_stale_cart_is_shown_with_what_was_last_known_to_be_available(world: World) -> None:
    world.resident.fill(world.rice, world.tea)
    world.vendor.change(world.tea, available=False)
    world.resident.cart()
    world.vendor.change(world.tea, available=True)
    world.vendor.is_away = True
    view = world.resident.get("/consumer/cart/view")
    assert ([line["available"] for line in view["cart"]], view["stale"]) == ([True, False], True)
    world.vendor.is_away = False
    view = world.resident.get("/consumer/cart/view")
    assert ([line["available"] for line in view["cart"]], view["stale"]) == ([True, True], False)


def test_a_line_added_while_the_cart_is_being_shown_stays_available(world: World) -> None:
    world.resident.fill(world.rice)
    world.vendor.change(world.rice, price_paise=1100)

    def add_meanwhile() -> None:
        world.catalogue.before_answer = None
        world.resident.fill(world.tea)

    world.catalogue.before_answer = add_meanwhile
    world.resident.cart()
    world.vendor.is_away = True  # so that what was remembered is shown
    assert {line["title"]: line["available"] for line in world.resident.cart()} == {"Rice": True, "Tea": True}


def test_a_cart_holds_at_most_a_hundred_different_items(world: World) -> None:
    items = [world.sell(f"Item {number}").item_id for number in range(101)]
    world.resident.fill(*items[:100])
    assert world.resident.post("/consumer/cart/add", {"item_id": items[100]}, expect=400)["error"] == "cart_full"
    assert len(world.resident.cart()) == 100


def test_what_is_out_of_stock_or_of_a_closed_shop_is_shown_as_not_available(world: World) -> None:
    world.resident.fill(world.rice, world.tea)
    world.vendor.change(world.rice, in_stock=0)
    world.vendor.change(world.tea, shop_is_open=False)
    assert [line["available"] for line in world.resident.cart()] == [False, False]
    world.vendor.change(world.rice, in_stock=1)
    world.vendor.change(world.tea, shop_is_open=True)
    assert [line["available"] for line in world.resident.cart()] == [True, True]


def test_a_peek_shows_prices_as_they_are_now_but_shows_them_to_nobody(world: World) -> None:
    world.resident.fill(world.rice)
    world.vendor.change(world.rice, price_paise=1100, title="Basmati")
    for _ in range(2):
        line = world.resident.get("/consumer/cart/view", peek="true")["cart"][0]
        assert (line["price"], line["title"]) == (11, "Basmati")
    assert world.resident.confirm("cash", expect=400)["error"] == "price_changed"
    world.resident.get("/consumer/cart/view", peek="false")
    world.resident.confirm("cash")


def test_a_peek_is_true_or_false(world: World) -> None:
    world.resident.get("/consumer/cart/view", peek="perhaps", expect=400)


def test_a_price_above_the_mrp_saves_nothing(world: World) -> None:
    dear = world.sell("Saffron", price_paise=1500, mrp_paise=1200).item_id
    world.resident.fill(dear)
    view = world.resident.get("/consumer/cart/view")
    assert (view["cart"][0]["savings"], view["total_savings"]) == (0, 0)


def test_adding_more_of_an_item_shows_its_price_as_it_is_now(world: World) -> None:
    world.resident.fill(world.rice)
    world.vendor.change(world.rice, price_paise=1100)
    world.resident.fill(world.rice)
    assert world.resident.confirm("cash")["order_id"], "the price was shown by the second add"
