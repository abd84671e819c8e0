"""Confirming, listing and reading orders, with the JSON of the public API."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from habrio_consumer.orders.models import Order
from habrio_shared.contracts.orders import Refusal, RefusalWord, RefusedLine
from habrio_shared.database import transaction
from tests.integration.consumer.conftest import Statements
from tests.integration.consumer.people import World

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_an_order_by_wallet_from_cart_to_history(world: World) -> None:
    ravi = world.resident
    ravi.post("/consumer/onboarding", {"flat_number": "B-402"})
    ravi.load(100)
    ravi.fill(world.rice, quantity=2)
    ravi.fill(world.tea)
    placed = ravi.post("/consumer/order/confirm", {"payment_mode": "wallet", "delivery_notes": " Ring twice "})
    assert placed.keys() == {"status", "message", "order_id"}
    order_id = placed["order_id"]
    assert type(order_id) is int
    assert (ravi.balance(), ravi.cart()) == (58, [])
    page = ravi.get("/consumer/order/history")
    assert page["next_cursor"] is None
    (order,) = page["orders"]
    assert INSTANT.fullmatch(order.pop("created_at"))
    assert order == {
        "order_id": order_id,
        "shop_id": world.vendor.items[world.rice].shop_id,
        "shop_name": "Asha General Store",
        "shop_type": "grocery",
        "payment_mode": "wallet",
        "payment_status": "paid",
        "status": "pending",
        "total_amount": 42,
        "final_amount": 42,
        "delivery_notes": "Ring twice",
        "item_count": 2,
        "items": [
            {"item_id": world.rice, "name": "Rice", "unit": "kg", "quantity": 2, "unit_price": 10.5, "subtotal": 21},
            {"item_id": world.tea, "name": "Tea", "unit": "kg", "quantity": 1, "unit_price": 21, "subtotal": 21},
        ],
    }


def test_the_vendor_is_told_everything_it_needs(world: World) -> None:
    world.resident.post("/consumer/onboarding", {"flat_number": "B-402"})
    order_id = world.placed("cash")
    told = world.vendor.told[order_id]
    assert told.model_dump(exclude={"lines", "placed_at", "order_id"}) == {
        "shop_id": world.vendor.items[world.rice].shop_id,
        "consumer_id": world.resident.user_id,
        "phone": world.resident.phone,
        "name": "Ravi Kulkarni",
        "flat_number": "B-402",
        "city": "Pune",
        "society": world.society,
        "payment_mode": "cash",
        "delivery_notes": "",
    }
    assert [(line.item_id, line.quantity, line.unit_price_paise) for line in told.lines] == [(world.rice, 2, 1050)]


def test_one_order_has_its_timeline_and_room_for_what_may_follow(world: World) -> None:
    world.resident.load(100)
    order_id = world.placed()
    world.vendor.move_and_tell(order_id, "accepted")
    world.vendor.move_and_tell(order_id, "delivered")
    order = world.resident.order(order_id)
    steps = order["timeline"]
    assert all(INSTANT.fullmatch(step.pop("at")) for step in steps)
    assert steps == [
        {"status": "pending", "by": "consumer"},
        {"status": "accepted", "by": "vendor"},
        {"status": "delivered", "by": "vendor"},
    ]
    assert (order["returns"], order["issues"], order["rating"]) == ([], [], None)
    (listed,) = world.resident.get("/consumer/order/history")["orders"]
    assert listed.items() <= order.items()


@pytest.mark.parametrize("mode", ["cash", "wallet"])
@pytest.mark.parametrize("end", ["pending", "accepted", "rejected", "delivered", "cancelled"])
def test_money_and_payment_status_follow_the_order(world: World, mode: str, end: Any) -> None:
    world.resident.load(100)
    order_id = world.placed(mode)
    captured_paise = 0 if end == "pending" else world.vendor.move_and_tell(order_id, end)
    order = world.resident.order(order_id)
    came_back = end in ("rejected", "cancelled")
    wallet_status = "refunded" if came_back else "paid"
    cash_status = "paid" if end == "delivered" else "unpaid"
    assert order["status"] == end
    assert order["payment_status"] == (wallet_status if mode == "wallet" else cash_status)
    assert world.resident.balance() == (100 if mode == "cash" or came_back else 79)
    assert captured_paise == (2100 if (mode, end) == ("wallet", "delivered") else 0)


def test_cash_is_the_default_and_moves_no_money(world: World) -> None:
    world.resident.fill(world.rice)
    world.resident.post("/consumer/order/confirm")
    (order,) = world.resident.get("/consumer/order/history")["orders"]
    assert (order["payment_mode"], order["payment_status"], order["delivery_notes"]) == ("cash", "unpaid", "")
    assert world.resident.movements() == []


@pytest.mark.parametrize("mode", [None, "", "card", "Cash", 1, True, ["cash"]])
def test_an_unknown_payment_mode_is_400_and_orders_nothing(world: World, mode: object) -> None:
    world.resident.fill(world.rice)
    world.resident.post("/consumer/order/confirm", {"payment_mode": mode}, expect=400)
    assert (world.resident.orders(), len(world.resident.cart())) == ([], 1)


@pytest.mark.parametrize("notes", [None, 5, "x" * 501, "bell\u0000", "\ud800"])
def test_bad_delivery_notes_are_400(world: World, notes: object) -> None:
    world.resident.fill(world.rice)
    world.resident.post("/consumer/order/confirm", {"delivery_notes": notes}, expect=400)
    assert world.resident.orders() == []


def test_an_empty_cart_is_not_ordered(world: World) -> None:
    assert world.resident.confirm(expect=400)["error"] == "cart_empty"
    world.placed("cash")
    assert world.resident.confirm("cash", expect=400)["error"] == "cart_empty"


def test_too_little_money_is_400_and_the_cart_stays_as_it_was(world: World) -> None:
    world.resident.load(20.99)
    world.resident.fill(world.rice, quantity=2)
    before = world.resident.cart()
    assert world.resident.confirm(expect=400)["error"] == "insufficient_balance"
    assert (world.resident.cart(), world.resident.balance(), world.resident.orders()) == (before, 20.99, [])
    assert not world.vendor.told
    world.resident.load(0.01)
    world.resident.confirm()
    assert world.resident.balance() == 0


REFUSALS = [
    ("price_changed", {"price_paise": 1200}, {"price": 12, "available": 50}),
    ("not_enough_stock", {"in_stock": 1}, {"price": 10.5, "available": 1}),
    ("item_unavailable", {"available": False}, {"price": 10.5, "available": 50}),
    ("shop_closed", {"shop_is_open": False}, None),
]


@pytest.mark.parametrize("mode", ["cash", "wallet"])
@pytest.mark.parametrize(("word", "change", "line"), REFUSALS, ids=[word for word, _, _ in REFUSALS])
def test_a_refused_order_restores_cart_and_money(
    world: World, word: str, change: dict[str, Any], line: dict[str, Any] | None, mode: str
) -> None:
    world.resident.load(100)
    world.resident.fill(world.tea)
    world.resident.fill(world.rice, quantity=2)
    before = world.resident.cart()
    world.vendor.change(world.rice, **change)
    refused = world.resident.confirm(mode, expect=400)
    assert (refused["error"], refused["code"]) == (word, 400)
    assert refused["lines"] == ([] if line is None else [{"item_id": world.rice, "title": "Rice", **line}])
    assert (world.resident.balance(), world.resident.orders()) == (100, [])
    world.vendor.is_away = True  # the cart as it was, not as it is now
    assert world.resident.cart() == before
    (order_id,) = world.vendor.told
    world.resident.get(f"/consumer/orders/{order_id}", expect=404)
    world.resident.cancel(order_id, expect=404)


@pytest.mark.parametrize("word", get_args(RefusalWord))
def test_every_word_of_a_refusal_is_the_answers_and_gives_everything_back(world: World, word: RefusalWord) -> None:
    gone = RefusedLine(item_id=world.rice)
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=2)
    world.vendor.refuses_with = Refusal(word=word, message="Not today", lines=[gone])
    refused = world.resident.confirm(key="order-1", expect=400)
    assert refused.pop("request_id")
    assert refused == {
        "status": "error",
        "code": 400,
        "error": word,
        "message": "Not today",
        "lines": [{"item_id": world.rice, "title": "", "price": None, "available": 0}],
    }
    assert (world.resident.balance(), world.resident.movements()[0]) == (100, ("refund", 21))
    assert [line["quantity"] for line in world.resident.cart()] == [2]
    world.vendor.refuses_with = None
    order_id = world.resident.confirm("cash", key="order-1")["order_id"]
    assert world.resident.orders() == [order_id], "the key is free, for another body too"


def test_after_a_changed_price_was_shown_the_same_cart_can_be_ordered(world: World) -> None:
    world.resident.load(100)
    world.resident.fill(world.rice, quantity=2)
    world.vendor.change(world.rice, price_paise=1200)
    assert world.resident.confirm(expect=400)["error"] == "price_changed"
    assert world.resident.confirm(expect=400)["error"] == "price_changed", "a refusal shows nothing: only a view does"
    assert world.resident.get("/consumer/cart/view")["total_price"] == 24
    world.resident.confirm()
    assert world.resident.balance() == 76


def test_somebody_elses_order_is_403_and_an_unknown_one_404(world: World) -> None:
    order_id = world.placed("cash")
    neighbour = world.neighbour()
    assert neighbour.get(f"/consumer/orders/{order_id}", expect=403)["error"] == "not_your_order"
    assert neighbour.cancel(order_id, expect=403)["error"] == "not_your_order"
    assert neighbour.orders() == []
    for unknown in (2**53 - 1, 2**53, 0, "x", "1.0", "-1"):
        world.resident.get(f"/consumer/orders/{unknown}", expect=404)
        world.resident.post(f"/consumer/orders/{unknown}/cancel", expect=404)
    assert world.resident.status(order_id) == "pending"


def test_the_history_is_newest_first_paged_and_read_in_two_queries(world: World, statements: Statements) -> None:
    placed = [world.placed("cash", quantity=1) for _ in range(5)]
    with statements() as seen:
        assert world.resident.orders() == placed[::-1]
    assert len(seen) == 2
    first = world.resident.get("/consumer/order/history", limit=3)
    rest = world.resident.get("/consumer/order/history", limit=3, cursor=first["next_cursor"])
    listed = [order["order_id"] for page in (first, rest) for order in page["orders"]]
    assert (listed, rest["next_cursor"]) == (placed[::-1], None)
    assert len(world.resident.get("/consumer/order/history", limit=10**6)["orders"]) == 5
    for bad in ("0", "-1", "x", "1.5"):
        world.resident.get("/consumer/order/history", limit=bad, expect=400)
        world.resident.get("/consumer/order/history", cursor=bad, expect=400)


def test_a_page_of_the_history_is_200_orders_unless_fewer_are_asked_for(world: World) -> None:
    with world.app.app_context(), transaction() as session:
        session.add_all(_bare_order(world, number) for number in range(1, 204))
    for query in ({}, {"limit": 200}, {"limit": 201}, {"limit": 10**30}):
        page = world.resident.get("/consumer/order/history", **query)
        assert len(page["orders"]) == 200
        rest = world.resident.get("/consumer/order/history", cursor=page["next_cursor"])
        assert (len(rest["orders"]), rest["next_cursor"]) == (3, None)
    full = world.resident.get("/consumer/order/history", limit=3, cursor=rest["orders"][0]["order_id"] + 1)
    assert full["next_cursor"] is None, "a full last page is the last one"


def _bare_order(world: World, number: int) -> Order:
    return Order(
        user_id=world.resident.user_id,
        cart_version=number,
        shop_id=1,
        shop_name="",
        shop_type="",
        payment_mode="cash",
        status="cancelled",
        vendor_version=1,
        delivery_notes="",
        total_paise=1,
    )


def test_one_order_is_read_in_six_queries_however_long_its_lists(world: World, statements: Statements) -> None:
    world.resident.fill(*[world.sell(f"Item {number}").item_id for number in range(6)])
    order_id = world.resident.confirm("cash")["order_id"]
    world.vendor.move_and_tell(order_id, "accepted")
    with statements() as seen:
        assert len(world.resident.order(order_id)["items"]) == 6
    assert len(seen) == 6  # the order, its lines, timeline, returns, issues, rating


def test_an_order_keeps_the_prices_and_names_that_were_shown(world: World) -> None:
    order_id = world.placed("cash")
    world.vendor.change(world.rice, price_paise=9900, title="Gold")
    (line,) = world.resident.order(order_id)["items"]
    assert (line["name"], line["unit_price"]) == ("Rice", 10.5)
