"""Orders as the vendor sees and moves them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from habrio_vendor.orders.rules import MOVES, STATUSES
from tests.integration.vendor.conftest import Statements
from tests.integration.vendor.people import Vendor, World, new_id
from tests.integration.vendor.test_items import stock_of
from tests.integration.vendor.test_order_protocol import row

Act = Callable[[World, int], object]

ACTS: dict[str, Act] = {
    "accepted": lambda world, order_id: world.vendor.set_status(order_id, "accepted"),
    "rejected": lambda world, order_id: world.vendor.set_status(order_id, "rejected"),
    "delivered": lambda world, order_id: world.vendor.set_status(order_id, "delivered"),
    "cancelled": lambda world, order_id: world.vendor.post(f"/vendor/orders/{order_id}/cancel"),
    "awaiting_consumer_confirmation": lambda world, order_id: world.vendor.modify(order_id, one_less(world, order_id)),
}


def one_less(world: World, order_id: int) -> dict[int, int]:
    """The order's one item, with a piece less than there is now."""
    [line] = next(order for order in world.vendor.orders() if order["order_id"] == order_id)["items"]
    return {line["item_id"]: line["quantity"] - 1}


def bring(world: World, order_id: int, start: str) -> None:
    """A pending order to the status `start`."""
    if start == "confirmed":
        ACTS["awaiting_consumer_confirmation"](world, order_id)
        assert world.consumer.confirm(order_id)["status"] == "confirmed"
    elif start != "pending":
        ACTS[start](world, order_id)


def test_an_order_is_listed_with_the_fields_of_the_api(world: World) -> None:
    rice, tea = world.vendor.add_item("Rice", 10.5), world.vendor.add_item("Tea", 10.5)
    order_id = world.place({tea: 1, rice: 2})
    [order] = world.vendor.orders()
    assert order == {
        "order_id": order_id,
        "customer": world.resident.phone,
        "customer_name": "Ravi Kulkarni",
        "flat_number": "B-402",
        "society": world.society,
        "payment_mode": "wallet",
        "payment_status": "paid",
        "status": "pending",
        "total_amount": 31.5,
        "final_amount": 31.5,
        "delivery_notes": "Ring twice",
        "created_at": "2026-01-02T03:04:05.000Z",
        "items": [
            {
                "item_id": tea,
                "name": f"Item {tea}",
                "unit": "pcs",
                "quantity": 1,
                "unit_price": 10.5,
                "subtotal": 10.5,
            },
            {"item_id": rice, "name": f"Item {rice}", "unit": "pcs", "quantity": 2, "unit_price": 10.5, "subtotal": 21},
        ],
        "returns": [],
    }


def test_orders_are_paged_newest_first_and_filtered_by_status(world: World) -> None:
    item_id = world.vendor.add_item(stock=100)
    ids = [world.place({item_id: 1}) for _ in range(5)]
    world.vendor.set_status(ids[1], "accepted")
    world.vendor.set_status(ids[3], "accepted")
    first = world.vendor.get("/vendor/orders", limit=3)
    assert [order["order_id"] for order in first["orders"]] == ids[:1:-1]
    second = world.vendor.get("/vendor/orders", limit=3, cursor=first["next_cursor"])
    assert ([order["order_id"] for order in second["orders"]], second["next_cursor"]) == (ids[1::-1], None)
    assert [order["order_id"] for order in world.vendor.orders(status="accepted")] == [ids[3], ids[1]]
    page = world.vendor.get("/vendor/orders", status="accepted", limit=1)
    assert page["next_cursor"] == ids[3]
    assert world.vendor.orders(status="return_accepted") == []
    for bad in ("status=refused", "status=", "status=ACCEPTED", "limit=-1", "cursor=0", "cursor=9007199254740992"):
        assert world.vendor.get(f"/vendor/orders?{bad}", expect=400)["message"] == "Validation error"


def test_orders_are_filtered_by_payment_and_by_days_where_the_shops_are(world: World) -> None:
    item_id = world.vendor.add_item(stock=100)

    def place(placed_at: str, mode: str = "wallet") -> int:
        return world.place({item_id: 1}, mode=mode, placed_at=datetime.fromisoformat(placed_at))

    def found(**query: object) -> list[int]:
        return [order["order_id"] for order in world.vendor.orders(**query)]

    late = place("2026-03-01T18:29:59.999+00:00")  # the first of March in Kolkata, just
    night = place("2026-03-01T18:30:00+00:00", "cash")  # the second
    early = place("2026-02-28T18:30:00+00:00")  # the first, just
    before = place("2026-02-28T18:29:59+00:00", "cash")
    assert found() == [night, late, early, before], "newest first, whatever the ids"
    assert found(since="2026-03-01") == [night, late, early]
    assert found(until="2026-03-01") == [late, early, before]
    assert found(since="2026-03-01", until="2026-03-01") == [late, early]
    assert found(payment_mode="cash") == [night, before]
    assert found(payment_mode="cash", since="2026-03-02", status="pending") == [night]
    assert found(since="2026-03-03") == found(until="1970-01-01") == []
    assert found(since="1970-01-01", until="9998-12-31") == [night, late, early, before]
    pages: list[int] = []
    cursor: dict[str, Any] = {}
    for _ in range(4):
        page = world.vendor.get("/vendor/orders", limit=1, until="2026-03-02", **cursor)
        pages += [order["order_id"] for order in page["orders"]]
        cursor = {"cursor": page["next_cursor"]}
    assert (pages, cursor) == ([night, late, early, before], {"cursor": None})
    assert world.vendor.orders(cursor=new_id()) == []


@pytest.mark.parametrize(
    "bad",
    [
        *("payment_mode=card", "payment_mode=", "payment_mode=CASH", "since=", "until=", "since=yesterday"),
        *("since=2026-13-01", "since=2026-02-30", "since=01-02-2026", "since=20260102", "since=2026-1-2"),
        *("since=2026-01-02T00:00:00Z", "since=0001-01-01", "until=9999-12-31", "since=1969-12-31", "since=1767312000"),
        *("since=%D9%A2026-01-01", "since=2026-01-01%00", "since=-2026-01-01", "since=2026-01-02&until=2026-01-01"),
    ],
)
def test_a_filter_that_is_none_is_refused(world: World, bad: str) -> None:
    assert world.vendor.get(f"/vendor/orders?{bad}", expect=400)["message"] == "Validation error"


def test_the_number_of_queries_does_not_grow_with_the_orders(world: World, statements: Statements) -> None:
    items = {world.vendor.add_item(stock=100): 1 for _ in range(3)}

    def count() -> int:
        with statements() as seen:
            world.vendor.orders(status="pending", payment_mode="wallet", since="2026-01-01")
        return len(seen)

    world.place(items)
    few = count()
    for _ in range(10):
        world.place(items)
    assert count() == few == 4  # the shop, the orders, their lines, their returns


@pytest.mark.parametrize("to", ACTS)
@pytest.mark.parametrize("start", ["pending", "confirmed", *ACTS])
def test_every_move_is_as_the_table_says(world: World, start: str, to: str) -> None:
    item_id = world.vendor.add_item(stock=10)
    order_id = world.place({item_id: 4})
    bring(world, order_id, start)
    held = 3 if start == "confirmed" else 4
    version = row(world, order_id).version
    before = stock_of(world.app, item_id)
    told = world.consumer.heard_of(order_id)
    allowed = to in MOVES.get(start, {}).get("vendor", ())  # type: ignore[call-overload]  # `start` is one of them
    if allowed:
        ACTS[to](world, order_id)
        assert world.vendor.orders()[0]["status"] == to
        assert world.consumer.heard_of(order_id) == [*told, (to, version + 1, "vendor")]
        left = 10 - held if to == "delivered" else 10
        still_held = held if to in ("accepted", "awaiting_consumer_confirmation") else 0
        assert stock_of(world.app, item_id) == (left, still_held, left)
        return
    path, body = {
        "cancelled": (f"/vendor/orders/{order_id}/cancel", None),
        "awaiting_consumer_confirmation": (
            f"/vendor/orders/{order_id}/modify",
            {"modifications": [{"item_id": item_id, "quantity": 1}]},
        ),
    }.get(to, (f"/vendor/orders/{order_id}/status", {"status": to}))
    refused = world.vendor.post(path, body, expect=400)
    assert refused["error"] == "illegal_move"
    assert refused["message"] == f"An order that is {start} cannot become {to}"
    assert world.vendor.orders()[0]["status"] == start
    assert stock_of(world.app, item_id) == before
    assert world.consumer.heard_of(order_id) == told


@pytest.mark.parametrize(
    ("mode", "start", "after"),
    [
        ("wallet", "accepted", "paid"),
        ("wallet", "delivered", "paid"),
        ("wallet", "rejected", "refunded"),
        ("wallet", "cancelled", "refunded"),
        ("cash", "accepted", "unpaid"),
        ("cash", "delivered", "paid"),
        ("cash", "cancelled", "unpaid"),
    ],
)
def test_the_payment_status_follows_the_order(world: World, mode: str, start: str, after: str) -> None:
    order_id = world.place({world.vendor.add_item(): 1}, mode=mode)
    ACTS[start](world, order_id)
    assert world.vendor.orders()[0]["payment_status"] == after


def test_cancelling_says_what_goes_back(world: World) -> None:
    item_id = world.vendor.add_item()
    by_wallet, by_cash = world.place({item_id: 3}), world.place({item_id: 3}, mode="cash")
    body = {"reason": "Out of rice"}
    assert world.vendor.post(f"/vendor/orders/{by_wallet}/cancel", body)["refund"] == 31.5
    assert world.vendor.post(f"/vendor/orders/{by_cash}/cancel", None)["refund"] == 0
    assert world.consumer.heard[-2]["reason"] == "Out of rice"
    for bad in (5, None, "a\x00b", "x" * 501, ["x"]):
        world.vendor.post(f"/vendor/orders/{by_wallet}/cancel", {"reason": bad}, expect=400)


@pytest.mark.parametrize("status", ["pending", "cancelled", "refused", "Accepted", "", None, 1, ["accepted"]])
def test_no_other_status_can_be_set(world: World, status: object) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    refused = world.vendor.post(f"/vendor/orders/{order_id}/status", {"status": status}, expect=400)
    assert refused["message"] == "Validation error"
    world.vendor.post(f"/vendor/orders/{order_id}/status", None, expect=400)
    assert world.vendor.orders()[0]["status"] == "pending"


def test_somebody_elses_order_is_forbidden_and_an_unknown_one_unknown(world: World) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    other = Vendor(world.app, "vendor", world.society)
    other.open_shop()
    assert other.orders() == []
    for path, body in (
        (f"/vendor/orders/{order_id}/status", {"status": "accepted"}),
        (f"/vendor/orders/{order_id}/cancel", None),
        (f"/vendor/orders/{order_id}/modify", {"modifications": [{"item_id": 1, "quantity": 0}]}),
    ):
        assert other.post(path, body, expect=403)["error"] == "not_your_order"
    for unknown in (new_id(), 2**53 - 1):
        assert world.vendor.set_status(unknown, "accepted", expect=404)["error"] == "order_not_found"
        assert world.vendor.post(f"/vendor/orders/{unknown}/cancel", expect=404)["error"] == "order_not_found"
    assert world.vendor.orders()[0]["status"] == "pending"


def test_the_same_key_moves_once_and_gives_the_first_answer_again(world: World) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    path = f"/vendor/orders/{order_id}/cancel"
    first = world.vendor.post(path, {"reason": "x"}, headers={"Idempotency-Key": "k"})
    assert world.vendor.post(path, {"reason": "x"}, headers={"Idempotency-Key": "k"}) == first
    assert world.vendor.post(path, {"reason": "y"}, headers={"Idempotency-Key": "k"}, expect=409)["code"] == 409
    assert world.vendor.post(path, {"reason": "x"}, headers={"Idempotency-Key": "l"}, expect=400)["code"] == 400
    assert len(world.consumer.heard_of(order_id)) == 1


def test_the_database_knows_every_status_and_no_other() -> None:
    assert {to for by in MOVES.values() for targets in by.values() for to in targets} < set(STATUSES)
