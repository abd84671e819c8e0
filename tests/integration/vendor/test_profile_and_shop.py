"""Profile, shop, hours: who may make them, once, and how they look."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.integration.vendor.people import Person, Vendor, World

PROFILE = {"business_type": "grocery", "business_name": "Asha Traders", "address": "Gate 2"}
SHOP = {"shop_name": "Asha General Store", "shop_type": "grocery"}


@pytest.fixture
def newcomer(world: World) -> Vendor:
    """A vendor without profile and shop."""
    return Vendor(world.app, "vendor", "Palm Court")


def test_a_profile_is_made_once_and_read_at_both_addresses(newcomer: Vendor) -> None:
    assert newcomer.get("/vendor/profile", expect=404)["error"] == "profile_not_found"
    newcomer.post("/vendor/profile", {**PROFILE, "gst_number": "27aapfu0939f1zv"})
    data = newcomer.get("/vendor/profile")["data"]
    assert data == newcomer.get("/vendor/profile/me")["data"]
    assert {**PROFILE, "gst_number": "27AAPFU0939F1ZV"}.items() <= data.items()
    assert (data["name"], data["phone"], data["society"]) == (newcomer.name, newcomer.phone, "Palm Court")
    again = newcomer.post("/vendor/profile", {**PROFILE, "address": "Gate 9"}, expect=400)
    assert again["error"] == "profile_exists"
    assert newcomer.get("/vendor/profile")["data"]["address"] == "Gate 2"


@pytest.mark.parametrize("gst_number", ["27AAPFU0939F1ZW", "12345", "27AAPFU0939F1Z٧", "२७AAPFU0939F1ZV", 27, None])
def test_a_wrong_gst_number_is_refused(newcomer: Vendor, gst_number: object) -> None:
    newcomer.post("/vendor/profile", {**PROFILE, "gst_number": gst_number}, expect=400)
    newcomer.get("/vendor/profile", expect=404)


def test_no_gst_number_may_be_given_as_empty_text(newcomer: Vendor) -> None:
    newcomer.post("/vendor/profile", {**PROFILE, "gst_number": ""})
    assert newcomer.get("/vendor/profile")["data"]["gst_number"] is None


@pytest.mark.parametrize("field", PROFILE)
def test_each_required_field_of_a_profile_is_required(newcomer: Vendor, field: str) -> None:
    for value in ("", "  ", None, 5, True, ["x"], "a\x00b", "\ud800"):
        refused = newcomer.post("/vendor/profile", {**PROFILE, field: value}, expect=400)
        assert refused["message"] == "Validation error" or refused["error"] == "bad_request"
    newcomer.post("/vendor/profile", {key: value for key, value in PROFILE.items() if key != field}, expect=400)


def test_the_auth_service_is_told_once_that_the_vendors_onboarding_is_done(world: World, newcomer: Vendor) -> None:
    newcomer.post("/vendor/profile", PROFILE)
    newcomer.post("/vendor/profile", PROFILE, expect=400)
    assert world.consumer.onboarded == [world.vendor.user_id, newcomer.user_id]


def test_a_shop_needs_a_profile_and_there_is_one_of_it(newcomer: Vendor) -> None:
    assert newcomer.post("/vendor/shop", SHOP, expect=400)["error"] == "profile_missing"
    newcomer.post("/vendor/profile", PROFILE)
    shop_id = newcomer.post("/vendor/shop", SHOP)["shop_id"]
    assert newcomer.post("/vendor/shop", SHOP, expect=400)["error"] == "shop_exists"
    assert newcomer.get("/vendor/shop/my")["data"]["id"] == shop_id


def test_a_new_shop_is_open_and_stands_where_its_vendor_is_registered(newcomer: Vendor) -> None:
    newcomer.open_shop(city="Mumbai", society="Elsewhere", verified=True, featured=True, id=5)
    data = newcomer.get("/vendor/shop/my")["data"]
    assert {"city": "Pune", "society": "Palm Court", "is_open": True, "verified": False, "featured": False}.items() <= (
        data.items()
    )
    assert set(data) >= {
        *("id", "shop_name", "shop_type", "description", "society", "city", "delivers", "appointment_only"),
        *("is_open", "category_tags", "logo_url", "verified", "featured"),
    }


def test_an_edit_changes_what_is_given_and_nothing_else(world: World) -> None:
    before = world.vendor.get("/vendor/shop/my")["data"]
    world.vendor.post(
        "/vendor/shop/edit",
        {"description": "Fresh", "delivers": True, "category_tags": "Dairy, Fresh Milk", "logo_url": None, "x": 1}
        | {"verified": True, "society": "Elsewhere", "shop_type": None},
    )
    after = world.vendor.get("/vendor/shop/my")["data"]
    assert after == before | {"description": "Fresh", "delivers": True, "category_tags": "Dairy, Fresh Milk"}
    world.vendor.post("/vendor/shop/edit")
    assert world.vendor.get("/vendor/shop/my")["data"] == after


@pytest.mark.parametrize(
    "body",
    [{"shop_name": ""}, {"shop_name": 5}, {"is_open": "true"}, {"delivers": 1}, {"logo_url": "a\x00b"}, [1], "x"],
)
def test_a_bad_edit_is_refused(world: World, body: object) -> None:
    before = world.vendor.get("/vendor/shop/my")["data"]
    world.vendor.post("/vendor/shop/edit", body, expect=400)
    assert world.vendor.get("/vendor/shop/my")["data"] == before


def test_a_shop_is_opened_and_closed(world: World) -> None:
    for is_open in (False, False, True):
        world.vendor.post("/vendor/shop/toggle-status", {"is_open": is_open})
        assert world.vendor.get("/vendor/shop/my")["data"]["is_open"] is is_open
    for bad in (None, {}, {"is_open": None}, {"is_open": ""}, {"is_open": "true"}, {"is_open": 1}):
        world.vendor.post("/vendor/shop/toggle-status", bad, expect=400)


def test_hours_replace_the_week(world: World) -> None:
    first = [{"day_of_week": day, "open_time": "09:00", "close_time": "21:30"} for day in range(7)]
    world.vendor.post("/vendor/shop/hours", {"weekly_hours": first})
    assert world.vendor.get("/vendor/shop/my")["data"]["weekly_hours"] == first
    second = [
        {"day_of_week": 6, "open_time": "Closed", "close_time": "Closed"},
        {"day_of_week": 1},
        {"day_of_week": 0, "open_time": "18:00", "close_time": "02:00"},
    ]
    world.vendor.post("/vendor/shop/hours", {"weekly_hours": second})
    assert world.vendor.get("/vendor/shop/my")["data"]["weekly_hours"] == [
        {"day_of_week": 0, "open_time": "18:00", "close_time": "02:00"},
        {"day_of_week": 1, "open_time": None, "close_time": None},
        {"day_of_week": 6, "open_time": None, "close_time": None},
    ]


@pytest.mark.parametrize(
    "week",
    [
        [],
        None,
        "Monday",
        [{"day_of_week": 7, "open_time": "09:00", "close_time": "10:00"}],
        [{"day_of_week": -1}],
        [{"day_of_week": True}],
        [{"day_of_week": "1"}],
        [{"open_time": "09:00", "close_time": "10:00"}],
        [{"day_of_week": 1, "open_time": "9:00", "close_time": "10:00"}],
        [{"day_of_week": 1, "open_time": "24:00", "close_time": "10:00"}],
        [{"day_of_week": 1, "open_time": "09:60", "close_time": "10:00"}],
        [{"day_of_week": 1, "open_time": "٠٩:00", "close_time": "10:00"}],
        [{"day_of_week": 1, "open_time": "09:00"}],
        [{"day_of_week": 1, "open_time": "Closed", "close_time": "10:00"}],
        [{"day_of_week": 1}, {"day_of_week": 1}],
    ],
)
def test_hours_that_make_no_week_are_refused(world: World, week: object) -> None:
    world.vendor.post("/vendor/shop/hours", {"weekly_hours": week}, expect=400)
    assert world.vendor.get("/vendor/shop/my")["data"]["weekly_hours"] == []


def test_without_a_shop_every_call_that_needs_one_says_so_before_anything_else(newcomer: Vendor) -> None:
    newcomer.post("/vendor/profile", PROFILE)
    for path in (
        *("/vendor/shop/edit", "/vendor/shop/toggle-status", "/vendor/shop/hours", "/vendor/item/add"),
        *("/vendor/item/update/1", "/vendor/item/1/toggle", "/vendor/orders/1/status", "/vendor/orders/1/cancel"),
    ):
        for body in ({"is_open": "nonsense", "status": "nonsense", "title": 5, "reason": 7}, [1], None):
            assert newcomer.post(path, body, expect=404)["message"] == "Shop not found"
    for path in ("/vendor/shop/my", "/vendor/item/my?limit=x", "/vendor/orders?limit=x&status=nonsense"):
        assert newcomer.get(path, expect=404)["message"] == "Shop not found"


def test_only_vendors_come_in(app: Flask, world: World) -> None:
    for role in ("consumer", "admin", "none"):
        somebody = Person(app, role, world.society)
        for path in ("/vendor/profile", "/vendor/shop/my", "/vendor/item/my", "/vendor/orders", "/vendor/wallet"):
            assert somebody.get(path, expect=403)["error"] == "forbidden"
        for path in ("/vendor/profile", "/vendor/shop", "/vendor/item/add", "/vendor/orders/1/status"):
            somebody.post(path, {"x": 1}, expect=403)
    assert app.test_client().get("/api/v1/vendor/shop/my").status_code == 401
