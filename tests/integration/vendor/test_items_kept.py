"""Items searched, deleted, known by their SKU; stock moves that stay as they were written."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from habrio_shared.database import reading, transaction
from habrio_vendor.items.models import Item, StockMove
from habrio_vendor.items.queries import StockProblem, hold_sku, stock_problems
from tests.integration.vendor.conftest import IS_SQLITE, Statements
from tests.integration.vendor.people import CITY, Person, Vendor, World
from tests.integration.vendor.test_items import stock_of
from tests.support.waiting import until


def found(world: World, **query: Any) -> list[int]:
    return [item["id"] for item in world.vendor.get("/vendor/item/my", **query)["data"]]


def test_a_vendors_items_are_searched_and_filtered(world: World) -> None:
    rice = world.vendor.add_item("Basmati 50%_off", category="Grains", tags="daily", sku="RICE-1")
    milk = world.vendor.add_item("Toned", brand="Amul", category="Dairy", tags="milk, daily", sku="AM_500")
    world.vendor.post(f"/vendor/item/{milk}/toggle")
    other = Vendor(world.app, "vendor", world.society)
    other.open_shop()
    other.add_item("Basmati", sku="RICE-1")
    assert found(world) == [milk, rice]
    assert found(world, q="BASMATI") == found(world, q="rice-") == found(world, q="50%_o") == [rice]
    assert found(world, q="amul") == found(world, q="M_5") == found(world, category="dairy") == [milk]
    assert found(world, q="daily") == found(world, q=" daily ") == [milk, rice]
    assert found(world, q="a_ul") == found(world, q="%%") == found(world, q="\\") == found(world, category="Dair") == []
    assert (found(world, is_available="true"), found(world, is_available="false")) == ([rice], [milk])
    assert found(world, q="daily", is_available="true", category="grains") == [rice]
    assert found(world, q="", category="") == [milk, rice]
    page = world.vendor.get("/vendor/item/my", q="daily", limit=1)
    assert page["next_cursor"] == milk
    assert found(world, q="daily", limit=1, cursor=milk) == [rice]
    for bad in (
        *("is_available=yes", "is_available=1", "is_available=", "is_available=True", "q=a%00b", "category=%01"),
        *(f"q={'x' * 201}", f"category={'x' * 201}", "limit=0", "cursor=x"),
    ):
        assert world.vendor.get(f"/vendor/item/my?{bad}", expect=400)["message"] == "Validation error", bad


def test_the_number_of_queries_does_not_grow_with_the_items(world: World, statements: Statements) -> None:
    def count(path: str) -> int:
        with statements() as seen:
            world.vendor.get(path)
        return len(seen)

    paths = ("/vendor/item/my", "/vendor/item/my?q=a&category=b&is_available=true")
    world.vendor.add_item()
    few = [count(path) for path in paths]
    for number in range(8):
        world.vendor.add_item(f"Item {number}")
    assert [count(path) for path in paths] == few == [2, 2]  # the shop, the items


# ---- deleting


def test_a_deleted_item_is_gone_from_everywhere(world: World) -> None:
    kept, gone = world.vendor.add_item("Tea"), world.vendor.add_item("Rice", sku="R1", category="Grains")
    assert world.vendor.post(f"/vendor/item/{gone}/delete") == {
        "status": "success",
        "message": "The item has been deleted",
    }
    assert found(world) == [kept]
    assert found(world, q="rice") == found(world, category="grains") == []
    assert [item["id"] for item in world.resident.get(f"/shop/{world.shop_id}/items")["items"]] == [kept]
    assert world.resident.get("/consumer/shops/search", q="rice")["shops"] == []
    question = {"item_ids": [gone, kept], "city": CITY, "society": world.society}
    assert [item["item_id"] for item in world.consumer.ask("/internal/catalogue/quote", question)["items"]] == [kept]
    for path in (f"/vendor/item/{gone}/delete", f"/vendor/item/{gone}/toggle", f"/vendor/item/update/{gone}"):
        assert world.vendor.post(path, {"price": 1}, expect=404)["error"] == "item_not_found"
    refused = world.consumer.place(world.order({gone: 1}))
    assert refused["refusal"]["word"] == "item_unavailable"


def test_orders_keep_their_lines_of_a_deleted_item_and_go_on(world: World) -> None:
    item_id = world.vendor.add_item(stock=10)
    delivered, cancelled = world.place({item_id: 3}), world.place({item_id: 2})
    world.vendor.post(f"/vendor/item/{item_id}/delete")
    assert [[line["item_id"] for line in order["items"]] for order in world.vendor.orders()] == [[item_id]] * 2
    world.vendor.set_status(delivered, "delivered")
    world.vendor.post(f"/vendor/orders/{cancelled}/cancel")
    assert stock_of(world.app, item_id) == (7, 0, 7)
    with world.app.app_context():
        assert stock_problems() == []


def test_only_the_owner_deletes(world: World) -> None:
    item_id = world.vendor.add_item()
    other = Vendor(world.app, "vendor", world.society)
    assert other.post(f"/vendor/item/{item_id}/delete", expect=404)["message"] == "Shop not found"
    other.open_shop()
    assert other.post(f"/vendor/item/{item_id}/delete", expect=404)["error"] == "item_not_found"
    for no_id in ("0", "-1", "x", "9007199254740991", "9007199254740992", "99999999999999999999"):
        other.post(f"/vendor/item/{no_id}/delete", expect=404)
    for role in ("consumer", "admin", "none"):
        Person(world.app, role, world.society).post(f"/vendor/item/{item_id}/delete", expect=403)
    assert found(world) == [item_id]


def test_a_repeated_key_deletes_once_and_answers_alike(world: World) -> None:
    path = f"/vendor/item/{world.vendor.add_item()}/delete"
    first = world.vendor.post(path, headers={"Idempotency-Key": "d"})
    assert world.vendor.post(path, headers={"Idempotency-Key": "d"}) == first
    world.vendor.post(path, headers={"Idempotency-Key": "e"}, expect=404)


# ---- SKUs


def test_a_sku_stands_for_one_item_of_a_shop(world: World) -> None:
    first = world.vendor.add_item(sku="A-1")
    for again in ("A-1", "  A-1 "):
        refused = world.vendor.post("/vendor/item/add", {"title": "Rice", "price": 1, "sku": again}, expect=400)
        assert (refused["error"], refused["item_id"]) == ("sku_taken", first)
        assert refused["message"] == "Another item of your shop has this SKU"
    second = world.vendor.add_item(sku="a-1")
    assert world.vendor.post(f"/vendor/item/update/{second}", {"sku": "A-1", "price": 99}, expect=400)["error"] == (
        "sku_taken"
    )
    assert (world.vendor.item(second)["sku"], world.vendor.item(second)["price"]) == ("a-1", 10.5)
    world.vendor.post(f"/vendor/item/update/{first}", {"sku": "A-1", "price": 5})
    world.vendor.post(f"/vendor/item/update/{first}", {"sku": "A-2"})
    world.vendor.post(f"/vendor/item/update/{second}", {"sku": "A-1"})
    assert [world.vendor.item(item_id)["sku"] for item_id in (first, second)] == ["A-2", "A-1"]


def test_items_without_a_sku_are_many(world: World) -> None:
    assert len({world.vendor.add_item(), world.vendor.add_item(sku=""), world.vendor.add_item(sku="  ")}) == 3


def test_another_shop_may_use_the_same_sku(world: World) -> None:
    world.vendor.add_item(sku="A-1")
    other = Vendor(world.app, "vendor", world.society)
    other.open_shop()
    other.add_item(sku="A-1")


def test_a_deleted_items_sku_can_be_used_again(world: World) -> None:
    for _ in range(3):
        item_id = world.vendor.add_item(sku="A-1")
        world.vendor.post(f"/vendor/item/{item_id}/delete")
    assert world.vendor.item(world.vendor.add_item(sku="A-1"))["sku"] == "A-1"


def at_once(*works: Callable[[], int]) -> Counter[int]:
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], int]) -> int:
        barrier.wait(10)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return Counter(pool.map(run, works))


def test_of_many_that_want_one_sku_at_once_one_gets_it(world: World) -> None:
    others = [world.vendor.add_item() for _ in range(4)]
    body = {"title": "Rice", "price": 1, "sku": "A-1"}
    outcome = at_once(
        *[lambda: world.vendor.raw("POST", "/vendor/item/add", json=body).status_code] * 4,
        *(
            lambda item_id=item_id: (
                world.vendor.raw("POST", f"/vendor/item/update/{item_id}", json={"sku": "A-1"}).status_code
            )
            for item_id in others
        ),
    )
    assert outcome == {200: 1, 400: 7}
    assert [item["sku"] for item in world.vendor.get("/vendor/item/my")["data"]].count("A-1") == 1


def somebody_waits_for_a_lock(world: World) -> bool:
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with world.app.app_context(), reading() as session:
        return bool(session.scalar(query))


def test_who_comes_while_a_sku_is_being_given_waits_and_is_told_that_it_is_taken(world: World) -> None:
    first = world.vendor.add_item()
    body = {"title": "Rice", "price": 1, "sku": "A-1"}
    with ThreadPoolExecutor(1) as pool:
        with world.app.app_context(), transaction() as session:
            hold_sku(session, world.shop_id, "A-1", but=first)
            session.execute(update(Item).where(Item.id == first).values(sku="A-1"))
            second = pool.submit(world.vendor.raw, "POST", "/vendor/item/add", json=body)
            if not IS_SQLITE:  # there one writer at a time is the rule anyway, and nobody can be seen waiting
                until(lambda: somebody_waits_for_a_lock(world), seconds=2, what="the second waits for the first")
        refused = second.result(10)
    assert (refused.status_code, refused.get_json()["item_id"]) == (400, first)


def test_the_database_itself_refuses_a_second_item_of_one_sku(world: World) -> None:
    item_id = world.vendor.add_item(sku="A-1")
    other = world.vendor.add_item(sku="A-2")
    with pytest.raises(DBAPIError, match="sku"), world.app.app_context(), transaction() as session:
        session.execute(update(Item).where(Item.id == other).values(sku="A-1"))
    assert [world.vendor.item(n)["sku"] for n in (item_id, other)] == ["A-1", "A-2"]


# ---- stock


def test_nobody_changes_or_deletes_a_stock_move(world: World) -> None:
    item_id = world.vendor.add_item(stock=10)
    mine = StockMove.item_id == item_id
    for change in (update(StockMove).where(mine).values(quantity=11), delete(StockMove).where(mine)):
        with pytest.raises(DBAPIError, match="append-only"), world.app.app_context(), transaction() as session:
            session.execute(change)
    assert stock_of(world.app, item_id) == (10, 0, 10)


def test_the_proof_of_the_stock_finds_what_is_wrong(world: World) -> None:
    sold_out, too_many, lost = (world.vendor.add_item(stock=stock) for stock in (0, 10, 10))
    with world.app.app_context():
        before = stock_problems()
        with transaction() as session:
            session.execute(update(Item).where(Item.id == too_many).values(on_hand=12))
            session.execute(insert(StockMove), [{"item_id": lost, "quantity": -4, "kind": "set"}])
        try:
            assert before == []
            assert stock_problems() == [StockProblem(too_many, 12, 10), StockProblem(lost, 10, 6)]
        finally:
            with transaction() as session:
                session.execute(update(Item).where(Item.id == too_many).values(on_hand=10))
                session.execute(insert(StockMove), [{"item_id": lost, "quantity": 4, "kind": "set"}])
        assert stock_problems() == []
    assert stock_of(world.app, sold_out) == (0, 0, 0)
