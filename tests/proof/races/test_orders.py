"""A hundred times each: two who want what only one can have, through the gateway and several workers a service."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial

from tests.proof.races.contest import PRICE, REPEATS, RUPEES, STOCK, Holdings, Town, nearly_at_once
from tests.support.at_once import at_once
from tests.support.client import Phone
from tests.support.society import fill_cart
from tests.support.waiting import until

BUYERS = 6
SAME_KEY = 50


def confirm(phone: Phone, key: str = "") -> tuple[int, dict[str, object]]:
    headers = {"Idempotency-Key": key} if key else {}
    answer = phone.raw("POST", "/consumer/order/confirm", json={"payment_mode": "wallet"}, headers=headers)
    return answer.status_code, answer.json()


def test_the_last_unit_is_sold_once(town: Town) -> None:
    buyers = [town.society.resident(money=2 * REPEATS * PRICE) for _ in range(BUYERS)]
    for buyer in buyers:
        fill_cart(buyer, town.shop, Rice=1)
    won: Counter[int] = Counter()
    for _ in range(REPEATS):
        town.shop.owner.post(f"/vendor/item/update/{town.shop.items['Rice']}", {"quantity_in_stock": 1})
        answers = at_once(*[partial(confirm, buyer) for buyer in buyers])
        assert Counter(status for status, _ in answers) == {200: 1, 400: BUYERS - 1}, answers
        assert {body["error"] for status, body in answers if status == 400} == {"not_enough_stock"}
        assert town.shop.stock("Rice") == 0
        winner = [status for status, _ in answers].index(200)
        won[winner] += 1
        town.shop.owner.post(f"/vendor/item/update/{town.shop.items['Rice']}", {"quantity_in_stock": 1})
        fill_cart(buyers[winner], town.shop, Rice=1)  # a refused cart stays as it was
    assert len(won) > 1, "only one ever came first"
    left = [float(buyer.get("/consumer/wallet")["balance"]) for buyer in buyers]
    assert left == [PRICE * (2 * REPEATS - won[number]) for number in range(BUYERS)]


def test_one_cart_is_one_order(town: Town) -> None:
    made = set()
    for _ in range(REPEATS):
        fill_cart(town.resident, town.shop, Rice=2)
        answers = at_once(*[partial(confirm, town.resident)] * 2)
        orders = {body["order_id"] for status, body in answers if status == 200}
        assert len(orders) == 1, answers
        made |= orders
    assert len(made) == REPEATS
    assert town.holdings() == Holdings(RUPEES - REPEATS * 2 * PRICE, 0, STOCK - 2 * REPEATS)


def test_one_key_fifty_times_is_one_order_and_one_answer(town: Town) -> None:
    made = set()
    for number in range(REPEATS):
        fill_cart(town.resident, town.shop, Rice=1)
        answers = at_once(*[partial(confirm, town.resident, key=f"tap-{number}")] * SAME_KEY)
        assert Counter(status for status, _ in answers) == {200: SAME_KEY}
        [order_id] = {body["order_id"] for _, body in answers}
        made.add(order_id)
    assert len(made) == REPEATS
    assert town.holdings() == Holdings(RUPEES - REPEATS * PRICE, 0, STOCK - REPEATS)


def test_a_cancel_that_meets_an_acceptance_is_a_cancel(town: Town) -> None:
    rng, accepted = random.Random(1), Counter[int]()
    for _ in range(REPEATS):
        order_id = town.order()
        cancel, acceptance = nearly_at_once(
            rng, partial(town.cancel, order_id), partial(town.set_status, order_id, "accepted")
        )
        assert cancel.status_code == 200, cancel.text
        accepted[acceptance.status_code] += 1
        assert town.seen(order_id) == "cancelled"
    assert set(accepted) == {200, 400}, "one of them always came first"
    assert town.holdings() == Holdings(RUPEES, 0, STOCK)


def test_of_a_cancel_and_a_delivery_one_wins(town: Town) -> None:
    rng, ended = random.Random(2), Counter[str]()
    for _ in range(REPEATS):
        order_id = town.order()
        cancel, delivery = nearly_at_once(
            rng, partial(town.cancel, order_id), partial(town.set_status, order_id, "delivered")
        )
        assert sorted((cancel.status_code, delivery.status_code)) == [200, 400], (cancel.text, delivery.text)
        status = town.seen(order_id)
        assert status == ("cancelled" if cancel.status_code == 200 else "delivered")
        ended[status] += 1
    assert set(ended) == {"cancelled", "delivered"}, "one of them always came first"
    delivered = ended["delivered"]
    wanted = Holdings(RUPEES - delivered * PRICE, delivered * PRICE, STOCK - delivered)
    until(lambda: town.holdings() == wanted, seconds=10, what="what was delivered is paid")


def test_a_return_is_completed_once(town: Town) -> None:
    for _ in range(REPEATS):
        order_id = town.order("delivered", pieces=2)
        path = f"/vendor/orders/{order_id}/return"
        goods = {"reason": "broken", "items": [{"item_id": town.shop.items["Rice"], "quantity": 2}]}
        town.shop.owner.post(f"{path}/initiate", goods)
        answers = at_once(*[partial(town.shop.owner.raw, "POST", f"{path}/complete")] * 2)
        assert sorted(answer.status_code for answer in answers) == [200, 400], [answer.text for answer in answers]
        assert town.seen(order_id) == "return_completed"
    wanted = Holdings(RUPEES, 0, STOCK)
    until(lambda: town.holdings() == wanted, seconds=10, what="what came back is paid back")
