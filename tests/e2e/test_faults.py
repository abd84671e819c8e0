"""Parts that go away under the running stack: a clear answer meanwhile, and nothing lost afterwards."""

from __future__ import annotations

import time

import pytest

from tests.support.client import Phone
from tests.support.clock import let_time_run_out
from tests.support.society import Shop, Society, fill_cart
from tests.support.stack import Stack
from tests.support.waiting import until

PATIENCE_SECONDS = 20.0
"""A client that is told to come back does so; what must answer 503 meanwhile is asked for without patience."""


def test_a_service_that_is_down_is_a_503_within_two_seconds_and_the_others_go_on(stack: Stack) -> None:
    society = Society(stack.url, patience_seconds=PATIENCE_SECONDS)
    shop, resident = society.open_shop(Rice=5), society.resident(money=100)
    fill_cart(resident, shop, Rice=1)
    with stack.stopped("vendor"):
        began = time.monotonic()
        answer = resident.raw("GET", "/consumer/shops")
        assert time.monotonic() - began < 2
        assert (answer.status_code, answer.json()["error"]) == (503, "service_unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
        assert resident.get("/consumer/wallet")["balance"] == 100
        assert resident.get("/consumer/cart/view")["stale"] is True
        ready = Phone(stack.url).raw("GET", "//ready")
        assert ready.status_code == 503
    assert [found["id"] for found in resident.get("/consumer/shops")["shops"]] == [shop.shop_id]


def test_an_order_placed_while_the_vendor_service_is_down_is_finished_by_the_relay(stack: Stack) -> None:
    society = Society(stack.url, patience_seconds=PATIENCE_SECONDS)
    shop, resident = society.open_shop(Rice=5), society.resident(money=100)
    fill_cart(resident, shop, Rice=2)
    with stack.stopped("vendor"):
        answer = resident.raw("POST", "/consumer/order/confirm", json={"payment_mode": "wallet"})
        assert answer.status_code == 202
        order_id = answer.json()["order_id"]
        assert resident.get(f"/consumer/orders/{order_id}")["order"]["status"] == "pending"
    until(lambda: order_id in shop.orders(), seconds=20, what="the vendor sees the order")
    until(
        lambda: len(resident.get(f"/consumer/orders/{order_id}")["order"]["timeline"]) == 1,
        seconds=20,
        what="the consumer knows that it is placed",
    )
    assert resident.get("/consumer/wallet")["balance"] == 79
    assert shop.stock("Rice") == 3


def test_a_delivery_while_the_consumer_service_is_down_is_paid_later(stack: Stack) -> None:
    society = Society(stack.url, patience_seconds=PATIENCE_SECONDS)
    shop, resident = society.open_shop(Rice=5), society.resident(money=100)
    fill_cart(resident, shop, Rice=2)
    order_id = resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"]
    with stack.stopped("consumer"):
        shop.set_status(order_id, "delivered")
        assert shop.balance() == 0
    until(lambda: shop.balance() == 21, seconds=20, what="the vendor is paid")
    assert resident.get(f"/consumer/orders/{order_id}")["order"]["status"] == "delivered"


@pytest.mark.parametrize("part", ["postgres", "valkey"])
def test_a_restart_of_the_stores_is_survived(stack: Stack, part: str) -> None:
    society = Society(stack.url, patience_seconds=PATIENCE_SECONDS)
    shop, resident = society.open_shop(Rice=5), society.resident(money=100)
    fill_cart(resident, shop, Rice=1)
    stack.restart(part)
    stack.wait_until_ready()
    order_id = resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"]
    shop.set_status(order_id, "delivered")
    assert shop.balance() == 10.5


def test_authenticated_routes_are_closed_while_the_database_is_away(stack: Stack) -> None:
    phone = Phone(stack.url)
    phone.sign_in()
    with stack.stopped("postgres"):
        answer = phone.raw("GET", "/me")
        assert (answer.status_code, answer.json()["error"]) == (503, "service_unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
    stack.wait_until_ready()
    assert phone.get("/me")["data"]["phone"] == f"+91{phone.phone}"


def changed_order(shop: Shop, resident: Phone) -> int:
    """An order of two (21.00) of which the vendor proposes one (10.50)."""
    fill_cart(resident, shop, Rice=2)
    order_id = int(resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"])
    wanted = {"modifications": [{"item_id": shop.items["Rice"], "quantity": 1}]}
    assert shop.owner.post(f"/vendor/orders/{order_id}/modify", wanted)["new_total"] == 10.5
    return order_id


def is_timed_out(resident: Phone, order_id: int) -> bool:
    order = resident.get(f"/consumer/orders/{order_id}")["order"]
    return (order["status"], order["timeline"][-1]["by"]) == ("cancelled", "timer")


def test_a_time_out_while_the_consumer_service_is_down_gives_the_money_back_later(stack: Stack) -> None:
    society = Society(stack.url, patience_seconds=PATIENCE_SECONDS)
    shop, resident = society.open_shop(Rice=5), society.resident(money=100)
    order_id = changed_order(shop, resident)
    with stack.stopped("consumer"):
        let_time_run_out(stack, order_id)
        until(lambda: shop.orders()[order_id]["status"] == "cancelled", seconds=20, what="the timer ends the order")
        assert shop.stock("Rice") == 5
    until(lambda: is_timed_out(resident, order_id), seconds=20, what="the consumer's side hears of it")
    assert resident.get("/consumer/wallet")["balance"] == 100


def test_a_worker_that_starts_without_its_broker_watches_time_outs_and_relays_them(stack: Stack) -> None:
    society = Society(stack.url, patience_seconds=PATIENCE_SECONDS)
    shop, resident = society.open_shop(Rice=5), society.resident(money=100)
    order_id = changed_order(shop, resident)
    with stack.stopped("valkey"):
        stack.restart("vendor-worker")
        let_time_run_out(stack, order_id)
        until(lambda: is_timed_out(resident, order_id), seconds=20, what="the order is timed out on both sides")
        assert resident.get("/consumer/wallet")["balance"] == 100


def test_the_timer_outlives_a_database_that_goes_away(stack: Stack) -> None:
    society = Society(stack.url, patience_seconds=PATIENCE_SECONDS)
    shop, resident = society.open_shop(Rice=5), society.resident(money=100)
    order_id = changed_order(shop, resident)
    failed = stack.log("vendor-worker").count("order-timer fails and goes on trying")
    with stack.stopped("postgres"):
        until(
            lambda: stack.log("vendor-worker").count("order-timer fails and goes on trying") > failed,
            seconds=20,
            what="the timer finds no database",
        )
    let_time_run_out(stack, order_id)
    until(lambda: is_timed_out(resident, order_id), seconds=20, what="the timer works again")
    assert resident.get("/consumer/wallet")["balance"] == 100


def test_a_change_confirmed_while_the_vendor_service_is_down_is_finished_by_the_relay(stack: Stack) -> None:
    society = Society(stack.url, patience_seconds=PATIENCE_SECONDS)
    shop, resident = society.open_shop(Rice=5), society.resident(money=100)
    order_id = changed_order(shop, resident)
    with stack.stopped("vendor"):
        answer = resident.raw("POST", f"/consumer/orders/{order_id}/confirm-modified")
        assert (answer.status_code, answer.json()["refund"]) == (202, None)
        assert resident.get("/consumer/wallet")["balance"] == 79
    until(
        lambda: resident.get(f"/consumer/orders/{order_id}")["order"]["status"] == "confirmed",
        seconds=20,
        what="the relay asks the vendor",
    )
    assert resident.get("/consumer/wallet")["balance"] == 89.5
    shop.set_status(order_id, "delivered")
    assert shop.balance() == 10.5
