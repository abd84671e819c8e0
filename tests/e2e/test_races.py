"""Two who want the same thing at once, through the gateway and several workers a service."""

from __future__ import annotations

from functools import partial

from tests.support.at_once import at_once
from tests.support.client import Phone
from tests.support.society import Shop, Society, fill_cart
from tests.support.stack import Stack


def confirm(phone: Phone, key: str | None = None, payment_mode: str = "wallet") -> tuple[int, dict[str, object]]:
    headers = {"Idempotency-Key": key} if key else {}
    response = phone.raw("POST", "/consumer/order/confirm", json={"payment_mode": payment_mode}, headers=headers)
    return response.status_code, response.json()


def test_twenty_buyers_and_the_last_unit_make_one_order(stack: Stack) -> None:
    society = Society(stack.url)
    shop = society.open_shop(Mango=1)
    buyers = [society.resident(money=100) for _ in range(20)]
    for buyer in buyers:
        fill_cart(buyer, shop, Mango=1)
    answers = at_once(*[partial(confirm, buyer) for buyer in buyers])
    statuses = sorted(status for status, _ in answers)
    assert statuses == [200] + [400] * 19
    assert {body["error"] for status, body in answers if status == 400} == {"not_enough_stock"}
    assert len(shop.orders()) == 1
    assert shop.stock("Mango") == 0
    money = [buyer.get("/consumer/wallet")["balance"] for buyer in buyers]
    assert sorted(money) == [89.5] + [100] * 19
    losers = [buyer for buyer, balance in zip(buyers, money, strict=True) if balance == 100]
    assert all(buyer.get("/consumer/cart/view")["cart"] for buyer in losers), "a refused cart stays as it was"
    assert all(buyer.get("/consumer/order/history")["orders"] == [] for buyer in losers)


def test_one_cart_confirmed_by_two_requests_at_once_is_one_order(stack: Stack) -> None:
    society = Society(stack.url)
    shop = society.open_shop(Rice=50)
    resident = society.resident(money=1000)
    for _ in range(5):
        fill_cart(resident, shop, Rice=2)
        answers = at_once(lambda: confirm(resident), lambda: confirm(resident))
        made = {body["order_id"] for status, body in answers if status == 200}
        assert len(made) == 1, answers
    assert len(shop.orders()) == 5
    assert resident.get("/consumer/wallet")["balance"] == 1000 - 5 * 21


def test_one_idempotency_key_sent_ten_times_at_once_is_one_order_and_one_answer(stack: Stack) -> None:
    society = Society(stack.url)
    shop = society.open_shop(Rice=50)
    resident = society.resident(money=1000)
    fill_cart(resident, shop, Rice=3)
    answers = at_once(*[lambda: confirm(resident, key="tap-1")] * 10)
    assert {status for status, _ in answers} == {200}
    assert len({body["order_id"] for _, body in answers}) == 1
    assert len(shop.orders()) == 1
    fill_cart(resident, shop, Rice=1)
    status, body = confirm(resident, key="tap-1", payment_mode="cash")
    assert (status, body["error"]) == (409, "idempotency_key_reused")


def test_a_cancel_that_meets_a_delivery_ends_one_way_on_both_sides(stack: Stack) -> None:
    society = Society(stack.url)
    shop = society.open_shop(Rice=50)
    resident = society.resident(money=1000)
    for _ in range(6):
        cancel_against_delivery(resident, shop)


def cancel_against_delivery(resident: Phone, shop: Shop) -> None:
    fill_cart(resident, shop, Rice=1)
    order_id = resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"]
    before = (resident.get("/consumer/wallet")["balance"], shop.balance(), shop.stock("Rice"))
    cancel, delivery = at_once(
        lambda: resident.raw("POST", f"/consumer/orders/{order_id}/cancel"),
        lambda: shop.owner.raw("POST", f"/vendor/orders/{order_id}/status", json={"status": "delivered"}),
    )
    assert sorted((cancel.status_code, delivery.status_code)) == [200, 400], (cancel.text, delivery.text)
    after = (resident.get("/consumer/wallet")["balance"], shop.balance(), shop.stock("Rice"))
    cancelled = cancel.status_code == 200
    back, paid, restocked = (10.5, 0, 1) if cancelled else (0, 10.5, 0)
    expected = (before[0] + back, before[1] + paid, before[2] + restocked)
    assert after == expected
    status = "cancelled" if cancelled else "delivered"
    assert shop.orders()[order_id]["status"] == status
    assert resident.get(f"/consumer/orders/{order_id}")["order"]["status"] == status


def test_two_refreshes_at_once_leave_at_most_one_session_alive(stack: Stack) -> None:
    phone = Phone(stack.url)
    phone.sign_in()
    token = phone.refresh_token
    answers = at_once(*[lambda: phone.raw("POST", "/auth/refresh", json={"refresh_token": token})] * 2)
    assert sorted(answer.status_code for answer in answers) == [200, 401]
