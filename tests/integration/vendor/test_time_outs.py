"""Orders that nobody answers: the timer of any number of workers ends each of them once, by the database's clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import update

from habrio_shared import outbox
from habrio_shared.database import transaction
from habrio_shared.recurring import Recurring
from habrio_vendor.items.models import Item
from habrio_vendor.orders.queries import due_order_ids, locked
from habrio_vendor.orders.time_out import time_out, time_out_due
from habrio_vendor.settings import VendorSettings
from tests.integration.vendor.conftest import IS_SQLITE
from tests.integration.vendor.people import World
from tests.integration.vendor.test_items import stock_of
from tests.integration.vendor.test_order_changes import AWAITING, order_of
from tests.integration.vendor.test_order_protocol import row
from tests.support.at_once import at_once
from tests.support.waiting import until

Let = Callable[..., None]


@pytest.fixture
def let(world: World, monkeypatch: pytest.MonkeyPatch) -> Let:
    """`let(modification_timeout=0.05)`: what begins to wait from now on is given so many seconds."""

    def change(**seconds: float) -> None:
        settings: VendorSettings = world.app.extensions["habrio_settings"]
        monkeypatch.setitem(world.app.extensions, "habrio_settings", settings.model_copy(update=seconds))

    return change


@contextmanager
def a_worker(world: World) -> Iterator[None]:
    """The timer as a worker runs it beside its relay."""
    stop = threading.Event()
    timer = Recurring(world.app, "order-timer", time_out_due, pause_seconds=0.02)
    thread = threading.Thread(target=timer.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


def scan(world: World) -> int:
    with world.app.app_context():
        return time_out_due()


def time_is_up(world: World, *order_ids: int) -> None:
    """Wait for the database's clock to pass these orders' due times."""
    until(lambda: all(is_due(world, order_id) for order_id in order_ids), seconds=5, what="the orders are due")


def is_due(world: World, order_id: int) -> bool:
    with world.app.app_context(), transaction() as session:
        return order_id in due_order_ids(session, limit=10_000)


def test_an_order_that_its_vendor_does_not_answer_is_cancelled(world: World, let: Let) -> None:
    let(vendor_response_timeout=0.05)
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    with a_worker(world):
        until(lambda: order_of(world, order_id)["status"] == "cancelled", seconds=5, what="the time runs out")
    found = row(world, order_id)
    assert (found.moved_by, found.version, found.due_at) == ("timer", 2, None)
    assert found.reason == "The shop did not answer in time"
    assert stock_of(world.app, item_id) == (10, 0, 10)
    refused = world.vendor.set_status(order_id, "accepted", expect=400)
    assert refused["message"] == "An order that is cancelled cannot become accepted"


def test_a_change_that_is_not_confirmed_is_cancelled_and_told(world: World, let: Let) -> None:
    let(modification_timeout=0.05)
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    world.vendor.modify(order_id, {item_id: 1})
    with a_worker(world):
        until(lambda: order_of(world, order_id)["status"] == "cancelled", seconds=5, what="the time runs out")
    assert world.consumer.confirm(order_id)["status"] == "cancelled"
    assert stock_of(world.app, item_id) == (10, 0, 10)
    with relaying(world):
        until(lambda: len(world.consumer.heard_of(order_id)) == 2, seconds=5, what="the consumer service is told")
    assert world.consumer.heard_of(order_id) == [(AWAITING, 2, "vendor"), ("cancelled", 3, "timer")]
    told = next(said for said in world.consumer.heard if (said["order_id"], said["version"]) == (order_id, 3))
    assert (told["reason"], told["total_paise"]) == ("The change was not confirmed in time", 4200)


@contextmanager
def relaying(world: World) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=outbox.Relay(world.app).run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


def test_unless_told_otherwise_a_vendor_has_all_the_time_and_a_consumer_half_an_hour(world: World) -> None:
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    assert row(world, order_id).due_at is None
    world.vendor.modify(order_id, {item_id: 1})
    found = row(world, order_id)
    assert found.due_at is not None
    assert (found.due_at - found.moved_at).total_seconds() == pytest.approx(1800, abs=1)
    assert scan(world) == 0


@pytest.mark.parametrize("answer", ["accepted", "rejected", "delivered"])
def test_an_answer_stops_the_clock(world: World, let: Let, answer: str) -> None:
    let(vendor_response_timeout=3600)
    order_id = world.place({world.vendor.add_item(): 4})
    assert row(world, order_id).due_at is not None
    world.vendor.set_status(order_id, answer)
    assert row(world, order_id).due_at is None


def test_a_confirmation_stops_the_clock_and_another_change_winds_it_up_again(world: World) -> None:
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    world.vendor.modify(order_id, {item_id: 3})
    first = row(world, order_id).due_at
    world.consumer.confirm(order_id)
    assert row(world, order_id).due_at is None
    world.vendor.modify(order_id, {item_id: 2})
    second = row(world, order_id).due_at
    assert first is not None and second is not None and second > first


def test_many_timers_at_once_end_each_order_once(world: World, let: Let) -> None:
    let(vendor_response_timeout=0.01)
    item_id = world.vendor.add_item(stock=100)
    order_ids = [world.place({item_id: 2}) for _ in range(30)]
    time_is_up(world, *order_ids)
    counts = at_once(*[partial(scan, world)] * 5)
    assert sum(int(str(count)) for count in counts) == 30
    assert [row(world, order_id).version for order_id in order_ids] == [2] * 30
    assert stock_of(world.app, item_id) == (100, 0, 100)


@pytest.mark.parametrize("attempt", range(4))
@pytest.mark.parametrize("other", ["confirm", "cancel"])
def test_of_the_timer_and_the_consumer_one_wins(world: World, let: Let, other: str, attempt: int) -> None:
    let(modification_timeout=0.01)
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    world.vendor.modify(order_id, {item_id: 1})
    time_is_up(world, order_id)

    def answer() -> object:
        state = world.consumer.confirm(order_id) if other == "confirm" else world.consumer.cancel(order_id)
        return state["status"], state["by"]

    scanned, answered = at_once(partial(scan, world), answer)
    if other == "confirm" and scanned == 0:
        assert answered == ("confirmed", "consumer")
        assert stock_of(world.app, item_id) == (10, 1, 10)
    else:
        assert answered == ("cancelled", "timer" if scanned else "consumer")
        assert stock_of(world.app, item_id) == (10, 0, 10)


@pytest.mark.parametrize("attempt", range(4))
def test_of_the_timer_and_a_delivery_one_wins(world: World, let: Let, attempt: int) -> None:
    let(vendor_response_timeout=0.01)
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 4})
    time_is_up(world, order_id)
    path = f"/vendor/orders/{order_id}/status"
    scanned, delivered = at_once(
        partial(scan, world), lambda: world.vendor.raw("POST", path, json={"status": "delivered"}).status_code
    )
    assert (scanned, delivered) in ((1, 400), (0, 200))
    assert stock_of(world.app, item_id) == ((10, 0, 10) if scanned else (6, 0, 6))


@pytest.mark.skipif(IS_SQLITE, reason="SQLite locks the whole database, never a row")
def test_an_order_that_somebody_works_on_is_passed_over(world: World, let: Let) -> None:
    let(vendor_response_timeout=0.01)
    order_id = world.place({world.vendor.add_item(): 4})
    time_is_up(world, order_id)
    begun, done = threading.Event(), threading.Event()

    def work_on_it() -> None:
        with world.app.app_context(), transaction() as session:
            locked(session, order_id)
            begun.set()
            assert done.wait(10)

    thread = threading.Thread(target=work_on_it)
    thread.start()
    assert begun.wait(10)
    with world.app.app_context():
        assert time_out(order_id) is False
    done.set()
    thread.join(10)
    with world.app.app_context():
        assert time_out(order_id) is True


def test_an_order_that_cannot_be_timed_out_holds_up_no_other(
    world: World, let: Let, caplog: pytest.LogCaptureFixture
) -> None:
    let(vendor_response_timeout=0.01)
    broken, sound = world.vendor.add_item("Broken"), world.vendor.add_item("Sound")
    first, second = world.place({broken: 4}), world.place({sound: 4})
    with world.app.app_context(), transaction() as session:
        session.execute(update(Item).where(Item.id == broken).values(reserved=0))
    time_is_up(world, first, second)
    assert scan(world) == 1
    assert (row(world, first).status, row(world, second).status) == ("pending", "cancelled")
    assert not is_due(world, first), "it is put off"
    assert f"order {first} could not be timed out" in caplog.text
    with world.app.app_context(), transaction() as session:
        session.execute(update(Item).where(Item.id == broken).values(reserved=4))
    assert world.consumer.cancel(first)["status"] == "cancelled"
