"""The vendor's phone is told of a new order by the service's own worker."""

from __future__ import annotations

from tests.support.society import Society, fill_cart
from tests.support.stack import Stack
from tests.support.waiting import until


def test_a_new_order_reaches_the_vendors_phone_once(stack: Stack) -> None:
    society = Society(stack.url)
    shop = society.open_shop(Rice=50)
    resident = society.resident()
    fill_cart(resident, shop, Rice=2)
    order_id = resident.post("/consumer/order/confirm", {"payment_mode": "cash"})["order_id"]

    def said() -> int:
        told = f"To +91{shop.owner.phone}: Habrio: new order {order_id}, 2 pieces"
        return stack.log("vendor-worker").count(told)

    until(lambda: said() > 0, seconds=10, what="the worker says so")
    until(lambda: said() == 1, seconds=1, what="it says so once")
