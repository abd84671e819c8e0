"""With ENFORCE_SHOP_HOURS a shop takes orders within its weekly hours alone, and looks open just then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from habrio_shared.database import reading
from habrio_vendor.shops import queries
from tests.integration.vendor.conftest import dispose, make_app
from tests.integration.vendor.people import CITY, Vendor, World, make_world
from tests.support.statements import sent_by

MONDAY = datetime(2026, 11, 23, tzinfo=UTC) - timedelta(hours=5, minutes=30)
"""Midnight of a Monday in Kolkata."""

SetClock = Callable[[int, str], None]


@pytest.fixture(scope="module")
def strict_app(app: Flask, vendor_database_url: str) -> Iterator[Flask]:
    """The same database, but hours are enforced; the time zone is the default."""
    strict = make_app(vendor_database_url, enforce_shop_hours=True)
    yield strict
    dispose(strict)


@pytest.fixture
def strict(strict_app: Flask) -> World:
    return make_world(strict_app)


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """`set_clock(0, "09:30")`: it is Monday, half past nine in Kolkata."""

    def put(day: int, time: str) -> None:
        hours, minutes = map(int, time.split(":"))
        now = MONDAY + timedelta(days=day, hours=hours, minutes=minutes, seconds=59)
        monkeypatch.setattr(queries, "clock", lambda _session: now)

    return put


def day(number: int, opens: str | None, closes: str | None) -> dict[str, Any]:
    return {"day_of_week": number, "open_time": opens, "close_time": closes}


def looks_open(world: World) -> bool:
    """Whether the shop is open; every place that says so has to say the same."""
    [shop] = world.resident.get("/consumer/shops")["shops"]
    is_open: bool = shop["is_open"]
    for status, expected in (("open", is_open), ("closed", not is_open)):
        assert bool(world.resident.get("/consumer/shops", status=status)["shops"]) is expected
    assert bool(world.resident.get("/consumer/shops/search", q="asha")["shops"]) is is_open
    items = world.resident.raw("GET", f"/shop/{world.shop_id}/items")
    assert items.status_code == (200 if is_open else 403)
    assert items.get_json()["error" if not is_open else "status"] == ("success" if is_open else "shop_closed")
    item_id = world.vendor.get("/vendor/item/my")["data"][0]["id"]
    question = {"item_ids": [item_id], "city": CITY, "society": world.society}
    [quoted] = world.consumer.ask("/internal/catalogue/quote", question)["items"]
    assert quoted["shop_is_open"] == is_open
    placed = world.consumer.place(world.order({item_id: 1}))
    assert placed["status"] == ("pending" if is_open else "refused")
    assert (placed["refusal"] or {}).get("word") == (None if is_open else "shop_closed")
    return is_open


WEEKS: dict[str, tuple[list[dict[str, Any]], dict[tuple[int, str], bool]]] = {
    "a day's hours begin with their first minute and end before their last": (
        [day(0, "09:00", "21:30")],
        {(0, "08:59"): False, (0, "09:00"): True, (0, "21:29"): True, (0, "21:30"): False, (1, "10:00"): False},
    ),
    "hours past midnight are the evening's": (
        [day(4, "22:00", "02:00")],
        {
            (4, "21:59"): False,
            (4, "22:00"): True,
            (4, "23:59"): True,
            (5, "00:00"): True,
            (5, "01:59"): True,
            (5, "02:00"): False,
            (5, "22:30"): False,
            (4, "01:00"): False,
        },
    ),
    "Sunday night reaches into Monday": (
        [day(6, "20:00", "01:00")],
        {(6, "23:00"): True, (0, "00:30"): True, (0, "01:00"): False, (1, "00:30"): False},
    ),
    "hours until midnight end there": (
        [day(2, "18:00", "00:00")],
        {(2, "23:59"): True, (3, "00:00"): False, (2, "17:59"): False},
    ),
    "the same time twice is round the clock": (
        [day(1, "06:00", "06:00")],
        {(1, "05:59"): False, (1, "06:00"): True, (2, "05:59"): True, (2, "06:00"): False},
    ),
    "a closed day has no hours, and does not end the night before": (
        [day(0, "22:00", "02:00"), day(1, "Closed", "Closed")],
        {(1, "01:00"): True, (1, "02:00"): False, (1, "12:00"): False},
    ),
    "a week of closed days is closed": ([day(n, "Closed", None) for n in range(7)], {(3, "12:00"): False}),
    "all seven days round the clock": (
        [day(n, "00:00", "00:00") for n in range(7)],
        {(0, "00:00"): True, (3, "12:00"): True, (6, "23:59"): True},
    ),
}


@pytest.mark.parametrize("week", WEEKS)
def test_a_shop_is_open_within_its_hours(strict: World, set_clock: SetClock, week: str) -> None:
    hours, moments = WEEKS[week]
    strict.vendor.add_item(stock=100)
    strict.vendor.post("/vendor/shop/hours", {"weekly_hours": hours})
    for (number, time), expected in moments.items():
        set_clock(number, time)
        assert looks_open(strict) is expected, (number, time)


def test_without_any_hours_the_switch_alone_decides(strict: World, set_clock: SetClock) -> None:
    strict.vendor.add_item()
    set_clock(2, "03:00")
    assert looks_open(strict)
    strict.vendor.post("/vendor/shop/toggle-status", {"is_open": False})
    assert not looks_open(strict)


def test_the_switch_closes_within_the_hours_too(strict: World, set_clock: SetClock) -> None:
    strict.vendor.add_item()
    strict.vendor.post("/vendor/shop/hours", {"weekly_hours": [day(n, "00:00", "00:00") for n in range(7)]})
    strict.vendor.post("/vendor/shop/toggle-status", {"is_open": False})
    set_clock(2, "12:00")
    assert not looks_open(strict)
    assert strict.vendor.get("/vendor/shop/my")["data"]["is_open"] is False


def test_the_clock_is_the_databases(strict: World) -> None:
    strict.vendor.add_item(stock=100)
    with strict.app.app_context(), reading() as session:
        now = queries.clock(session)
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=5)
    here = (now + timedelta(hours=5, minutes=30)).weekday()
    around = [day((here + n) % 7, "00:00", "00:00") for n in (-1, 0, 1)]
    strict.vendor.post("/vendor/shop/hours", {"weekly_hours": around})
    assert looks_open(strict)
    strict.vendor.post("/vendor/shop/hours", {"weekly_hours": [day((here + 3) % 7, "00:00", "00:00")]})
    assert not looks_open(strict)


def test_hours_that_are_not_enforced_are_only_said(world: World) -> None:
    world.vendor.add_item()
    world.vendor.post("/vendor/shop/hours", {"weekly_hours": [day(n, "Closed", "Closed") for n in range(7)]})
    assert looks_open(world)


def test_a_page_of_open_shops_is_full_though_closed_ones_are_between(strict: World, set_clock: SetClock) -> None:
    for number in range(6):
        vendor = Vendor(strict.app, "vendor", strict.society)
        vendor.open_shop()
        vendor.post("/vendor/shop/hours", {"weekly_hours": [day(0, "09:00" if number % 2 else "15:00", "20:00")]})
    set_clock(0, "10:00")
    found: list[int] = []
    cursor: dict[str, int] = {}
    while True:
        page = strict.resident.get("/consumer/shops", status="open", limit=2, **cursor)
        found += [shop["id"] for shop in page["shops"]]
        if page["next_cursor"] is None:
            break
        assert len(page["shops"]) == 2
        cursor = {"cursor": page["next_cursor"]}
    assert len(found) == 4
    assert len(strict.resident.get("/consumer/shops", status="closed")["shops"]) == 3


def test_enforcing_hours_costs_one_query_whatever_the_number_of_shops(strict: World) -> None:
    def count(path: str) -> int:
        with sent_by(strict.app) as seen:
            strict.resident.get(path)
        return len(seen)

    paths = ("/consumer/shops?status=open", "/consumer/shops/search?q=a", f"/shop/{strict.shop_id}/items")
    strict.vendor.add_item()
    few = [count(path) for path in paths]
    for _ in range(5):
        vendor = Vendor(strict.app, "vendor", strict.society)
        vendor.open_shop()
        vendor.post("/vendor/shop/hours", {"weekly_hours": [day(n, "00:00", "00:00") for n in range(7)]})
        vendor.add_item()
    assert [count(path) for path in paths] == few == [2, 2, 3]
