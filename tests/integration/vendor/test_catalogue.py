"""What residents see of the shops around them: theirs alone, in few queries, whatever they type."""

from __future__ import annotations

from typing import Any

import pytest

from habrio_shared.database import transaction
from habrio_vendor.shops.models import Shop
from tests.integration.vendor.conftest import Statements
from tests.integration.vendor.people import CITY, Person, Vendor, World

SHOP_FIELDS = {
    *("id", "shop_name", "shop_type", "description", "society", "is_open", "delivers", "appointment_only"),
    *("category_tags", "logo_url", "rating", "verified", "featured"),
}
ITEM_FIELDS = {
    *("id", "title", "brand", "price", "mrp", "discount", "description", "unit", "pack_size", "category"),
    *("tags", "sku", "expiry_date", "image_url", "in_stock"),
}


def another_shop(world: World, **fields: object) -> Vendor:
    vendor = Vendor(world.app, "vendor", world.society)
    vendor.open_shop(**fields)
    return vendor


def ids(world: World, path: str = "/consumer/shops", **query: Any) -> list[int]:
    return [shop["id"] for shop in world.resident.get(path, **query)["shops"]]


def test_a_shop_is_listed_with_the_fields_of_the_api(world: World) -> None:
    [shop] = world.resident.get("/consumer/shops")["shops"]
    assert set(shop) == SHOP_FIELDS
    assert (shop["id"], shop["society"], shop["rating"], shop["verified"]) == (
        world.shop_id,
        world.society,
        None,
        False,
    )


def test_a_resident_sees_the_shops_of_the_own_society_however_it_is_written(world: World) -> None:
    sloppy = Person(world.app, "consumer", f"  {world.society.upper().replace(' ', '   ')} ")
    assert [shop["id"] for shop in sloppy.get("/consumer/shops")["shops"]] == [world.shop_id]
    stranger = Person(world.app, "consumer", world.society + "x")
    assert stranger.get("/consumer/shops")["shops"] == []
    item_id = world.vendor.add_item()
    for path in (f"/consumer/shop/{world.shop_id}/items", f"/shop/{world.shop_id}/items"):
        assert stranger.get(path, expect=404)["message"] == "Shop not found"
        assert [item["id"] for item in sloppy.get(path)["items"]] == [item_id]


def test_filters_narrow_the_list(world: World) -> None:
    closed = another_shop(world, shop_type="Pharmacy", category_tags="Medicine, Baby Care", is_open=False)
    closed_id = closed.get("/vendor/shop/my")["data"]["id"]
    world.vendor.post("/vendor/shop/edit", {"category_tags": "milk,50%_off, Baby  care"})
    assert ids(world) == [closed_id, world.shop_id]
    assert ids(world, status="open") == [world.shop_id]
    assert ids(world, status="closed") == [closed_id]
    assert ids(world, type="PHARM") == [closed_id]
    assert ids(world, type="%") == ids(world, type="_") == []
    assert ids(world, tag="baby care") == [closed_id, world.shop_id]
    assert ids(world, tag=["baby care", "Milk"]) == [world.shop_id]
    assert ids(world, tag="50%_off") == [world.shop_id]
    assert ids(world, tag="%") == ids(world, tag="mil") == ids(world, tag="baby_care") == []
    assert ids(world, tag="", type="") == [closed_id, world.shop_id]
    for bad in ("status=ajar", "status=", "limit=0", "cursor=x", "type=a%00b", "tag=a%00b", "tag=" + "&tag=x" * 30):
        assert world.resident.get(f"/consumer/shops?{bad}", expect=400)["message"] == "Validation error"


def test_search_finds_open_shops_by_name_type_or_what_they_sell(world: World) -> None:
    world.vendor.add_item("Basmati 100%")
    off_sale = world.vendor.add_item("Saffron")
    world.vendor.post(f"/vendor/item/{off_sale}/toggle")
    search = "/consumer/shops/search"
    for found in ("general", "GROC", "basmati", "100%", " basmati "):
        assert ids(world, search, q=found) == [world.shop_id]
    for lost in ("saffron", "%", "_", "100_", "\\", "'; --", "zzz"):
        assert ids(world, search, q=lost) == ([world.shop_id] if lost == "%" else [])
    for bad in ("", "q=", "q=%20", "q=a%00b", "q=" + "x" * 201):
        world.resident.get(f"{search}?{bad}", expect=400)
    world.vendor.post("/vendor/shop/toggle-status", {"is_open": False})
    assert ids(world, search, q="basmati") == []


def test_items_are_shown_with_their_shop(world: World) -> None:
    plain = world.vendor.add_item("Rice", 10.5, category="Grains")
    milk = world.vendor.add_item("Toned", 27.25, brand="Amul_1", category="Dairy", tags="milk", mrp=28, discount=5)
    hidden = world.vendor.add_item("Old rice")
    world.vendor.post(f"/vendor/item/{hidden}/toggle")
    path = f"/consumer/shop/{world.shop_id}/items"
    answer = world.resident.get(path)
    assert answer == world.resident.get(f"/shop/{world.shop_id}/items")
    assert answer["shop"] == {
        "id": world.shop_id,
        "shop_name": "Asha General Store",
        "shop_type": "grocery",
        "description": "",
        "is_open": True,
    }
    assert [item["id"] for item in answer["items"]] == [milk, plain]
    assert all(set(item) == ITEM_FIELDS for item in answer["items"])
    assert (answer["items"][0]["price"], answer["items"][0]["mrp"], answer["items"][0]["discount"]) == (27.25, 28, 5)

    def found(**query: Any) -> list[int]:
        return [item["id"] for item in world.resident.get(path, **query)["items"]]

    assert found(q="RICE") == [plain]
    assert found(q="milk") == found(q="amul") == found(q="l_1") == found(category="dairy") == [milk]
    assert found(q="%") == found(q="rice", category="Dairy") == found(category="Dair") == []
    assert found(q="", category="") == [milk, plain]
    page = world.resident.get(path, limit=1)
    assert ([item["id"] for item in page["items"]], page["next_cursor"]) == ([milk], milk)
    assert found(limit=1, cursor=page["next_cursor"]) == [plain]


def test_a_closed_shop_shows_no_items(world: World) -> None:
    world.vendor.post("/vendor/shop/toggle-status", {"is_open": False})
    assert world.resident.get(f"/consumer/shop/{world.shop_id}/items", expect=403)["error"] == "shop_closed"
    assert world.resident.get("/consumer/shop/999999999/items", expect=404)["error"] == "shop_not_found"
    world.resident.get("/consumer/shop/99999999999999999999/items", expect=404)


def test_the_catalogue_is_for_consumers(world: World) -> None:
    for path in ("/consumer/shops", "/consumer/shops/search", f"/shop/{world.shop_id}/items"):
        world.vendor.get(path, expect=403)
        assert Person(world.app, "admin", world.society).get(path, expect=403)["error"] == "forbidden"


def test_the_number_of_queries_does_not_grow_with_the_rows(world: World, statements: Statements) -> None:
    def count(path: str) -> int:
        with statements() as seen:
            world.resident.get(path)
        return len(seen)

    paths = ("/consumer/shops", "/consumer/shops/search?q=a", f"/shop/{world.shop_id}/items")
    world.vendor.add_item()
    few = [count(path) for path in paths]
    for number in range(5):
        another_shop(world, shop_name=f"Shop {number}").add_item()
        world.vendor.add_item(f"Item {number}")
    assert [count(path) for path in paths] == few == [1, 1, 2]


def test_a_quote_answers_for_all_items_at_once(world: World, statements: Statements) -> None:
    rice, tea = world.vendor.add_item("Rice", 10.5, stock=5), world.vendor.add_item("Tea", 21, stock=0, mrp=25)
    world.place({rice: 2})
    world.vendor.post(f"/vendor/item/{tea}/toggle")
    elsewhere = Vendor(world.app, "vendor", "Other Place")
    elsewhere.open_shop()
    body = {
        "item_ids": [tea, rice, elsewhere.add_item(), 0, -5, 2**62, 2**70, 999_999_999],
        "city": CITY.upper(),
        "society": f" {world.society} ",
    }
    with statements() as seen:
        items = world.consumer.ask("/internal/catalogue/quote", body)["items"]
    assert len(seen) == 1
    shop = {"shop_id": world.shop_id, "shop_name": "Asha General Store", "shop_type": "grocery", "shop_is_open": True}
    text = {"brand": "", "image_url": "", "unit": "pcs", "pack_size": ""}
    assert items == [
        {"item_id": rice, "title": "Rice", "price_paise": 1050, "mrp_paise": None, "in_stock": 3, "available": True}
        | shop
        | text,
        {"item_id": tea, "title": "Tea", "price_paise": 2100, "mrp_paise": 2500, "in_stock": 0, "available": False}
        | shop
        | text,
    ]
    assert world.consumer.ask("/internal/catalogue/quote", {**body, "item_ids": []})["items"] == []
    world.consumer.ask("/internal/catalogue/quote", {**body, "item_ids": list(range(101))}, expect=400)


def test_a_quote_is_only_for_the_consumer_service(world: World) -> None:
    response = world.app.test_client().post("/internal/catalogue/quote", json={})
    assert response.status_code == 401


@pytest.mark.parametrize("flag", ["verified", "featured"])
def test_what_an_administrator_set_is_shown(world: World, flag: str) -> None:
    with world.app.app_context(), transaction() as session:
        setattr(session.get_one(Shop, world.shop_id), flag, True)
    assert world.resident.get("/consumer/shops")["shops"][0][flag] is True
