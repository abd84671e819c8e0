"""Items: adding, changing, listing; numbers that are none; stock that is always the sum of its moves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from habrio_shared.database import reading
from habrio_vendor.items.models import Item, StockMove
from tests.integration.vendor.people import Vendor, World

FULL = {
    "title": "Toned milk",
    "brand": "Amul",
    "price": 27.5,
    "mrp": 28,
    "discount": 1.75,
    "description": "Half a litre",
    "quantity_in_stock": 40,
    "unit": "pouch",
    "pack_size": "500 ml",
    "category": "Dairy",
    "tags": "milk, fresh",
    "sku": "AM-500",
    "expiry_date": "2027-01-31",
    "image_url": "https://img.example/milk.png",
}


def stock_of(app: Flask, item_id: int) -> tuple[int, int, int]:
    """(on hand, reserved, sum of moves) as the database has them."""
    with app.app_context(), reading() as session:
        item = session.get_one(Item, item_id)
        moved = session.scalar(select(func.sum(StockMove.quantity)).where(StockMove.item_id == item_id))
        return item.on_hand, item.reserved, moved or 0


def test_an_item_comes_back_as_it_was_sent(world: World) -> None:
    added = world.vendor.post("/vendor/item/add", FULL)
    assert set(added) == {"status", "message", "item_id"}
    item = world.vendor.item(added["item_id"])
    assert FULL.items() <= item.items()
    assert (item["is_available"], item["is_active"], item["reserved"]) == (True, True, 0)


def test_what_is_not_given_has_its_default(world: World) -> None:
    item_id = world.vendor.post("/vendor/item/add", {"title": " Rice ", "price": 1, "brand": "", "unit": ""})["item_id"]
    item = world.vendor.item(item_id)
    expected = {"title": "Rice", "price": 1, "unit": "pcs", "quantity_in_stock": 100, "brand": "", "mrp": None}
    assert (expected | {"discount": None, "expiry_date": None}).items() <= item.items()


NO_PRICES = [
    *(0, -1, -0.01, 0.001, 10.005, 1_000_000.01, 1_000_001, 1e300, 2**70, True, False, None, "10", "ten", [], {}),
    *(
        json.loads(text)
        for text in ("NaN", "Infinity", "-Infinity", "1e400", "1e-7", "123456789012345678901234567890.5")
    ),
]


@pytest.mark.parametrize("number", NO_PRICES, ids=repr)
@pytest.mark.parametrize("field", ["price", "mrp"])
def test_a_number_that_is_no_price_is_refused(world: World, field: str, number: object) -> None:
    world.vendor.post("/vendor/item/add", {"title": "Rice", "price": 10, field: number}, expect=400)
    assert world.vendor.get("/vendor/item/my")["data"] == []


@pytest.mark.parametrize("number", [number for number in NO_PRICES if number is not None], ids=repr)
@pytest.mark.parametrize("field", ["price", "mrp"])
def test_nor_can_an_edit_set_it(world: World, field: str, number: object) -> None:
    item_id = world.vendor.add_item(mrp=12)
    world.vendor.post(f"/vendor/item/update/{item_id}", {field: number}, expect=400)
    assert (world.vendor.item(item_id)["price"], world.vendor.item(item_id)["mrp"]) == (10.5, 12)


@pytest.mark.parametrize(
    "written", ["1e1", "1E1", "1.5e1", "1e+1", "10e-1", "1e400", "NaN", "Infinity", "-0", "0x10", "010"]
)
def test_a_price_is_written_in_plain_digits(world: World, written: str) -> None:
    def add(body: str) -> int:
        return world.vendor.raw("POST", "/vendor/item/add", data=body, content_type="application/json").status_code

    assert add(f'{{"title": "Rice", "price": {written}}}') == 400
    assert add(f'{{"title": "Rice \\" {written} ", "price": 10}}') == 200, "in a text it is a text"


def test_empty_text_is_no_price_but_means_no_mrp(world: World) -> None:
    world.vendor.post("/vendor/item/add", {"title": "Rice", "price": ""}, expect=400)
    item_id = world.vendor.post("/vendor/item/add", {"title": "Rice", "price": 10, "mrp": "", "discount": ""})[
        "item_id"
    ]
    assert world.vendor.item(item_id)["mrp"] is None
    world.vendor.post(f"/vendor/item/update/{item_id}", {"price": ""}, expect=400)
    world.vendor.post(f"/vendor/item/update/{item_id}", {"mrp": "", "quantity_in_stock": ""})


@pytest.mark.parametrize("number", [-1, 1_000_001, 1.5, 2**70, True, "5", None, float("nan"), [], 1e300], ids=repr)
def test_a_number_that_is_no_quantity_is_refused(world: World, number: object) -> None:
    world.vendor.post("/vendor/item/add", {"title": "Rice", "price": 1, "quantity_in_stock": number}, expect=400)


@pytest.mark.parametrize(
    "bad",
    [
        {"title": ""},
        {"title": None},
        {"title": "a\x00b"},
        {"title": "x" * 201},
        {"brand": 5},
        {"brand": None},
        {"discount": "10%"},
        {"discount": -1},
        {"expiry_date": "31-01-2027"},
        {"expiry_date": "2027-02-30"},
        {"expiry_date": 5},
        {"tags": ["milk"]},
        {"unit": True},
    ],
    ids=repr,
)
def test_other_bad_fields_are_refused(world: World, bad: dict[str, Any]) -> None:
    refused = world.vendor.post("/vendor/item/add", {"title": "Rice", "price": 10, **bad}, expect=400)
    assert refused["message"] == "Validation error"
    assert refused["errors"][0]["loc"][0] == next(iter(bad))


def test_the_bounds_themselves_are_allowed(world: World) -> None:
    low = world.vendor.add_item(price=0.01, stock=0, discount=0)
    high = world.vendor.add_item(price=1_000_000, stock=1_000_000, mrp=1_000_000)
    assert (world.vendor.item(low)["price"], world.vendor.item(low)["quantity_in_stock"]) == (0.01, 0)
    assert (world.vendor.item(high)["price"], world.vendor.item(high)["quantity_in_stock"]) == (1_000_000, 1_000_000)


def test_an_edit_changes_what_is_given_and_nothing_else(world: World) -> None:
    item_id = world.vendor.post("/vendor/item/add", FULL)["item_id"]
    before = world.vendor.item(item_id)
    world.vendor.post(f"/vendor/item/update/{item_id}", {"price": 30, "brand": None, "unit": "", "id": 7, "x": 1})
    assert world.vendor.item(item_id) == before | {"price": 30}
    world.vendor.post(f"/vendor/item/update/{item_id}", before)  # apps send back what they were shown
    assert world.vendor.item(item_id) == before
    world.vendor.post(f"/vendor/item/update/{item_id}")
    assert world.vendor.item(item_id) == before
    world.vendor.post(f"/vendor/item/update/{item_id}", {"title": ""}, expect=400)


def test_setting_the_stock_sets_what_can_be_sold(world: World) -> None:
    item_id = world.vendor.add_item(stock=10)
    world.place({item_id: 3})
    assert world.vendor.item(item_id)["quantity_in_stock"] == 7
    world.vendor.post(f"/vendor/item/update/{item_id}", {"quantity_in_stock": 5})
    item = world.vendor.item(item_id)
    assert (item["quantity_in_stock"], item["reserved"]) == (5, 3)
    assert stock_of(world.app, item_id) == (8, 3, 8)
    world.vendor.post(f"/vendor/item/update/{item_id}", {"quantity_in_stock": 0})
    assert stock_of(world.app, item_id) == (3, 3, 3)


def test_a_stock_set_from_a_stale_list_is_refused(world: World) -> None:
    item_id = world.vendor.add_item(stock=10)
    seen = world.vendor.item(item_id)
    world.place({item_id: 3})
    body = {"quantity_in_stock": 20, "stock_version": seen["stock_version"], "price": 99}
    assert world.vendor.post(f"/vendor/item/update/{item_id}", body, expect=409)["error"] == "stock_changed"
    item = world.vendor.item(item_id)
    assert (item["quantity_in_stock"], item["price"]) == (7, 10.5)
    body["stock_version"] = item["stock_version"]
    world.vendor.post(f"/vendor/item/update/{item_id}", body)
    assert world.vendor.item(item_id)["quantity_in_stock"] == 20
    for bad in (0, -1, "1", True, 1.5, 2**60):
        world.vendor.post(f"/vendor/item/update/{item_id}", {"quantity_in_stock": 1, "stock_version": bad}, expect=400)


def test_a_toggle_takes_the_item_off_sale_and_back(world: World) -> None:
    item_id = world.vendor.add_item()
    for is_available in (False, True):
        assert world.vendor.post(f"/vendor/item/{item_id}/toggle")["is_available"] is is_available
        assert world.vendor.item(item_id)["is_available"] is is_available


def test_another_vendors_item_is_unknown(world: World) -> None:
    item_id = world.vendor.add_item()
    other = Vendor(world.app, "vendor", world.society)
    other.open_shop()
    for path in (f"/vendor/item/update/{item_id}", f"/vendor/item/{item_id}/toggle"):
        assert other.post(path, {"price": 1}, expect=404)["error"] == "item_not_found"
    for unknown in ("/vendor/item/update/999999999", "/vendor/item/9007199254740991/toggle"):
        assert other.post(unknown, {"price": 1}, expect=404)["error"] == "item_not_found"
    for no_id in ("0", "-1", "x", "9007199254740992", "99999999999999999999"):
        world.vendor.post(f"/vendor/item/update/{no_id}", {"price": 1}, expect=404)
    devanagari = "".join(chr(0x966 + int(digit)) for digit in str(item_id))
    for another_way_to_write_it in (f"0{item_id}", devanagari):
        answer = world.vendor.post(f"/vendor/item/update/{another_way_to_write_it}", {"price": 1}, expect=404)
        assert answer["error"] == "not_found"
    assert world.vendor.item(item_id)["price"] == 10.5
    assert other.get("/vendor/item/my")["data"] == []


def test_items_are_paged_newest_first(world: World) -> None:
    ids = [world.vendor.add_item(f"Item {number}") for number in range(5)]
    found: list[int] = []
    cursor: dict[str, int] = {}
    while True:
        page = world.vendor.get("/vendor/item/my", limit=2, **cursor)
        found += [item["id"] for item in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == ids[::-1]
    assert len(world.vendor.get("/vendor/item/my", limit=1000)["data"]) == 5
    for bad in ("0", "-1", "x", "1.5", "", "٣", "9" * 30):
        assert world.vendor.raw("GET", "/vendor/item/my", query_string={"limit": bad}).status_code in (
            (200,) if bad == "9" * 30 else (400,)
        )


def test_a_repeated_key_adds_one_item(world: World) -> None:
    body = {"title": "Rice", "price": 10}
    first = world.vendor.post("/vendor/item/add", body, headers={"Idempotency-Key": "k1"})
    assert world.vendor.post("/vendor/item/add", body, headers={"Idempotency-Key": "k1"}) == first
    world.vendor.post("/vendor/item/add", {**body, "price": 11}, headers={"Idempotency-Key": "k1"}, expect=409)
    assert len(world.vendor.get("/vendor/item/my")["data"]) == 1
