"""What happened to a shop is written down with it, once, in order, and for good."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from habrio_shared.contracts.acts import FEATURE_SHOP, VERIFY_SHOP
from habrio_shared.database import transaction
from habrio_vendor.shops.models import ShopLogEntry
from tests.integration.vendor.conftest import Statements
from tests.integration.vendor.people import Person, Vendor, World
from tests.support import acts
from tests.support.signed import service

WEEK = [
    {"day_of_week": 5, "open_time": "10:00", "close_time": "14:00"},
    {"day_of_week": 0, "open_time": "09:00", "close_time": "21:00"},
    {"day_of_week": 6, "open_time": "Closed", "close_time": "Closed"},
]


def events(world: World) -> list[str]:
    return [entry["event"] for entry in world.vendor.get("/vendor/shop/log")["log"]]


def test_the_log_says_who_did_what_and_when(world: World) -> None:
    world.vendor.post("/vendor/shop/toggle-status", {"is_open": False})
    world.vendor.post("/vendor/shop/hours", {"weekly_hours": WEEK})
    answer = world.vendor.get("/vendor/shop/log")
    assert answer["next_cursor"] is None
    [hours, closed, made] = answer["log"]
    assert made["at"] <= closed["at"] <= hours["at"] and hours["at"].endswith("Z")
    common = {"by": "vendor", "user_id": world.vendor.user_id, "reason": ""}
    assert {name: hours[name] for name in hours if name not in ("id", "at")} == common | {
        "event": "hours_changed",
        "weekly_hours": [
            {"day_of_week": 0, "open_time": "09:00", "close_time": "21:00"},
            {"day_of_week": 5, "open_time": "10:00", "close_time": "14:00"},
            {"day_of_week": 6, "open_time": None, "close_time": None},
        ],
    }
    assert (closed["event"], closed["weekly_hours"]) == ("closed", None)
    assert made["event"] == "opened"


def test_a_shop_that_is_made_closed_begins_closed(world: World) -> None:
    other = Vendor(world.app, "vendor", world.society)
    other.open_shop(is_open=False)
    assert [entry["event"] for entry in other.get("/vendor/shop/log")["log"]] == ["closed"]


def test_what_changes_nothing_leaves_no_trace(world: World) -> None:
    for is_open in (True, False, False, True):
        world.vendor.post("/vendor/shop/toggle-status", {"is_open": is_open})
    world.vendor.post("/vendor/shop/edit", {"is_open": True, "description": "Fresh"})
    world.vendor.post("/vendor/shop/edit", {"is_open": None})
    world.vendor.post("/vendor/shop/hours", {"weekly_hours": WEEK})
    world.vendor.post("/vendor/shop/hours", {"weekly_hours": WEEK[::-1]})
    assert events(world) == ["hours_changed", "opened", "closed", "opened"]
    world.vendor.post("/vendor/shop/edit", {"is_open": False})
    world.vendor.post("/vendor/shop/hours", {"weekly_hours": WEEK[:1]})
    assert events(world)[:2] == ["hours_changed", "closed"]


def test_what_is_refused_leaves_no_trace(world: World) -> None:
    world.vendor.post("/vendor/shop/toggle-status", {"is_open": "false"}, expect=400)
    world.vendor.post("/vendor/shop/edit", {"is_open": False, "shop_name": ""}, expect=400)
    world.vendor.post("/vendor/shop/hours", {"weekly_hours": [{"day_of_week": 9}]}, expect=400)
    assert events(world) == ["opened"]


def test_closing_by_many_at_once_is_one_closing(world: World) -> None:
    barrier = threading.Barrier(6)

    def close(_number: int) -> int:
        barrier.wait(10)
        return world.vendor.raw("POST", "/vendor/shop/toggle-status", json={"is_open": False}).status_code

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(close, range(6))) == [200] * 6
    assert events(world) == ["closed", "opened"]


def test_the_log_is_paged_in_as_many_queries_however_long_it_is(world: World, statements: Statements) -> None:
    for number in range(4):
        world.vendor.post("/vendor/shop/toggle-status", {"is_open": bool(number % 2)})
    with statements() as seen:
        first = world.vendor.get("/vendor/shop/log", limit=3)
    assert len(seen) == 2
    second = world.vendor.get("/vendor/shop/log", limit=3, cursor=first["next_cursor"])
    found = [entry["event"] for entry in first["log"] + second["log"]]
    assert (found, second["next_cursor"]) == (["opened", "closed", "opened", "closed", "opened"], None)
    for bad in ("limit=0", "limit=x", "cursor=-1", "cursor=1.5", "limit=", "cursor=%00", "cursor=9007199254740992"):
        assert world.vendor.get(f"/vendor/shop/log?{bad}", expect=400)["message"] == "Validation error"


def test_the_log_is_its_vendors_alone(world: World) -> None:
    other = Vendor(world.app, "vendor", world.society)
    assert other.get("/vendor/shop/log?limit=x", expect=404)["message"] == "Shop not found"
    other.open_shop()
    assert len(other.get("/vendor/shop/log")["log"]) == 1
    for role in ("consumer", "admin", "none"):
        Person(world.app, role, world.society).get("/vendor/shop/log", expect=403)


def test_nobody_changes_or_deletes_what_the_log_says(world: World) -> None:
    mine = ShopLogEntry.shop_id == world.shop_id
    for change in (update(ShopLogEntry).where(mine).values(event="closed"), delete(ShopLogEntry).where(mine)):
        with pytest.raises(DBAPIError, match="append-only"), world.app.app_context(), transaction() as session:
            session.execute(change)
    assert events(world) == ["opened"]


# ---- what the admin service does to a shop, and reads of shops


MARKS = {"verify": VERIFY_SHOP, "feature": FEATURE_SHOP}


@pytest.mark.parametrize(
    ("act", "flag", "taken_back"), [("verify", "verified", "unverified"), ("feature", "featured", "unfeatured")]
)
def test_an_administrator_verifies_and_features_with_a_reason(
    world: World, act: str, flag: str, taken_back: str
) -> None:
    def mark(value: bool, reason: str) -> tuple[object, object]:
        facts = {"shop_id": world.shop_id, "value": value, "reason": reason}
        made = acts.done(service(world.app, "admin"), MARKS[act], **facts)
        return made.before[flag], made.after[flag]

    assert mark(True, "Seen the shop") == (False, True)
    assert mark(True, "Again") == (True, True)
    assert world.resident.get("/consumer/shops")["shops"][0][flag] is True
    assert mark(False, "Moved away") == (True, False)
    log = world.vendor.get("/vendor/shop/log")["log"]
    assert [(entry["event"], entry["by"], entry["user_id"], entry["reason"]) for entry in log] == [
        (taken_back, "admin", None, "Moved away"),
        (flag, "admin", None, "Seen the shop"),
        ("opened", "vendor", world.vendor.user_id, ""),
    ]


@pytest.mark.parametrize("act", ["verify", "feature"])
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"value": True},
        {"reason": "x"},
        {"value": 1, "reason": "x"},
        {"value": "true", "reason": "x"},
        {"value": None, "reason": "x"},
        {"value": True, "reason": ""},
        {"value": True, "reason": " "},
        {"value": True, "reason": None},
        {"value": True, "reason": "a\x00b"},
        {"value": True, "reason": "x" * 201},
        {"value": True, "reason": 5},
        [True, "x"],
        "true",
        7,
    ],
    ids=repr,
)
def test_an_act_without_a_value_and_a_reason_is_refused(world: World, act: str, body: object) -> None:
    given = {"act_id": "a", "shop_id": world.shop_id, **body} if isinstance(body, dict) else body
    answer = acts.ask(service(world.app, "admin"), MARKS[act], given)
    assert (answer.status_code, answer.get_json()["message"]) == (400, "Validation error")
    assert events(world) == ["opened"]


def test_an_unknown_shop_is_unknown_to_the_administrator_too(world: World) -> None:
    for act in MARKS.values():
        facts = {"shop_id": 2**53 - 1, "value": True}
        assert acts.refused(service(world.app, "admin"), act, **facts) == (404, "shop_not_found")


def test_only_the_admin_service_acts_on_shops_and_lists_them(world: World) -> None:
    body = acts.body_of(shop_id=world.shop_id, value=True)
    for path in ("/internal/admin/shops", "/internal/admin/orders"):
        for name in ("consumer", "auth", "gateway"):
            service(world.app, name).get(path, expect=401)
        for role in ("vendor", "admin", "consumer"):
            assert Person(world.app, role, world.society).request("GET", path).status_code == 401
    for act in MARKS.values():
        for who in (service(world.app, "consumer"), Person(world.app, "admin", world.society), world.vendor):
            assert acts.ask(who, act, body).status_code == 401
    assert events(world) == ["opened"]


def test_no_vendor_sets_what_is_an_administrators(world: World) -> None:
    wish = {"verified": True, "featured": True}
    world.vendor.post("/vendor/shop/edit", wish)
    world.vendor.post("/vendor/shop/toggle-status", {"is_open": True, **wish})
    data = world.vendor.get("/vendor/shop/my")["data"]
    assert (data["verified"], data["featured"]) == (False, False)


def test_shops_are_listed_for_administrators_with_filters(world: World, statements: Statements) -> None:
    admin, path = service(world.app, "admin"), "/internal/admin/shops"
    name = f"50%_off {world.society}"
    ids = []
    for _ in range(3):
        vendor = Vendor(world.app, "vendor", world.society)
        ids.append(vendor.open_shop(shop_name=name))
    for act, shop_id in zip((VERIFY_SHOP, FEATURE_SHOP), ids, strict=False):
        acts.done(service(world.app, "admin"), act, shop_id=shop_id, value=True)

    def found(**query: Any) -> list[int]:
        return [shop["id"] for shop in admin.get(path, q=name.upper(), **query)["shops"]]

    assert found() == ids[::-1]
    assert found(verified="true") == found(verified="true", featured="false") == [ids[0]]
    assert found(featured="true") == [ids[1]]
    assert found(verified="false", featured="false") == [ids[2]]
    with statements() as seen:
        first = admin.get(path, q=name, limit=2)
    assert len(seen) == 1
    assert first["next_cursor"] == ids[1]
    assert found(limit=2, cursor=first["next_cursor"]) == [ids[0]]
    assert admin.get(path, q="asha traders", limit=1)["shops"][0]["business_name"] == "Asha Traders"
    assert admin.get(path, q="50__off")["shops"] == []
    for bad in ("verified=yes", "verified=", "featured=1", "limit=0", "cursor=x", "q=a%00b", f"q={'x' * 201}"):
        assert admin.request("GET", f"{path}?{bad}").status_code == 400, bad


def test_orders_are_listed_for_administrators_with_filters(world: World, statements: Statements) -> None:
    admin, path = service(world.app, "admin"), "/internal/admin/orders"
    item_id = world.vendor.add_item(stock=50)
    ids = [world.place({item_id: 2}, mode=mode) for mode in ("cash", "wallet", "cash")]
    refused = world.consumer.place(world.order({item_id: 1}, price=1))
    assert refused["status"] == "refused"
    world.vendor.set_status(ids[0], "accepted")

    def found(**query: Any) -> list[int]:
        return [order["order_id"] for order in admin.get(path, shop_id=world.shop_id, **query)["orders"]]

    assert found() == ids[::-1]
    assert found(status="accepted") == [ids[0]]
    assert found(status="pending") == ids[:0:-1]
    assert [order["order_id"] for order in admin.get(path, limit=3)["orders"]] == ids[::-1]
    assert admin.get(path, limit=3, cursor=ids[1])["orders"][0]["order_id"] == ids[0]
    with statements() as seen:
        first = admin.get(path, limit=2)
    assert len(seen) == 1
    assert len(first["orders"]) == 2
    page = admin.get(path, shop_id=world.shop_id, limit=2)
    assert found(limit=2, cursor=page["next_cursor"]) == [ids[0]]
    assert page["orders"][0] == {
        "order_id": ids[2],
        "shop_id": world.shop_id,
        "shop_name": "Asha General Store",
        "consumer_id": world.resident.user_id,
        "consumer": world.resident.phone,
        "consumer_name": "Ravi Kulkarni",
        "society": world.society,
        "status": "pending",
        "payment_mode": "cash",
        "total_paise": 2100,
        "placed_at": "2026-01-02T03:04:05.000Z",
    }
    for bad in ("status=refused", "shop_id=0", "shop_id=x", f"shop_id={2**53}", "limit=0", "cursor=x"):
        assert admin.request("GET", f"{path}?{bad}").status_code == 400, bad
