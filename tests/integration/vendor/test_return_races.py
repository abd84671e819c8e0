"""Many at once at one return: the order's row decides, and money and stock move once."""

from __future__ import annotations

from collections import Counter

import pytest

from habrio_shared.ledger import InsufficientFunds
from tests.integration.vendor.people import World, new_id
from tests.integration.vendor.returning import (
    act,
    asked,
    delivered,
    do,
    money,
    order_of,
    raise_return,
    raised,
    spend,
    states,
)
from tests.integration.vendor.test_items import stock_of
from tests.integration.vendor.test_wallet import verdict
from tests.support.at_once import at_once


@pytest.fixture
def rice(world: World) -> int:
    return world.vendor.add_item("Rice", stock=10)


def test_a_return_completed_by_many_at_once_is_completed_once(world: World, rice: int) -> None:
    before = money(world)
    order_id = delivered(world, {rice: 4})
    assert act(world, order_id, "initiate", asked({rice: 4})).status_code == 200
    codes = at_once(*[lambda: act(world, order_id, "complete").status_code] * 6)
    assert Counter(codes) == {200: 1, 400: 5}
    assert (stock_of(world.app, rice), money(world)) == ((10, 0, 10), before)
    assert verdict(world).is_right


@pytest.mark.parametrize("attempt", range(5))
def test_of_accept_and_reject_at_once_one_wins(world: World, rice: int, attempt: int) -> None:
    order_id = delivered(world, {rice: 4})
    raised(world, order_id, {rice: 1})
    accepted, rejected = at_once(
        lambda: act(world, order_id, "accept").status_code, lambda: act(world, order_id, "reject").status_code
    )
    assert (accepted, rejected) in ((200, 400), (400, 200))
    expected = ("return_accepted", ["accepted"]) if accepted == 200 else ("delivered", ["rejected"])
    assert (order_of(world, order_id)["status"], states(world, order_id)) == expected


@pytest.mark.parametrize("attempt", range(5))
def test_of_raise_and_initiate_at_once_one_opens_a_return(world: World, rice: int, attempt: int) -> None:
    order_id = delivered(world, {rice: 4})
    fault, initiated = at_once(
        lambda: raise_return(world, order_id, {rice: 4})["fault"],
        lambda: act(world, order_id, "initiate", asked({rice: 4})).status_code,
    )
    assert (fault, initiated) in ((None, 400), ("return_open", 200))
    assert states(world, order_id) == (["raised"] if fault is None else ["accepted"])


def test_of_many_wishes_at_once_one_is_raised(world: World, rice: int) -> None:
    order_id = delivered(world, {rice: 4})
    faults = at_once(*[lambda: raise_return(world, order_id, {rice: 1})["fault"]] * 6)
    assert Counter(faults) == {None: 1, "return_open": 5}
    assert states(world, order_id) == ["raised"]


def test_one_wish_by_many_messages_at_once_is_one_return(world: World, rice: int) -> None:
    order_id = delivered(world, {rice: 4})
    wish_id = new_id()
    faults = at_once(
        *(
            lambda n=n: raise_return(world, order_id, {rice: 1}, wish_id=wish_id, message_id=f"{wish_id}:{n}")["fault"]
            for n in range(6)
        )
    )
    assert faults == [None] * 6
    assert states(world, order_id) == ["raised"]


@pytest.mark.parametrize("attempt", range(5))
def test_completing_and_spending_the_whole_wallet_at_once_never_both_happen(
    world: World, rice: int, attempt: int
) -> None:
    order_id = delivered(world, {rice: 4})
    raised(world, order_id, {rice: 4})
    do(world, order_id, "accept")

    def spend_all() -> bool:
        try:
            spend(world, 3990)
        except InsufficientFunds:
            return False
        return True

    completed, spent = at_once(lambda: act(world, order_id, "complete").status_code, spend_all)
    assert (completed, spent) in ((200, False), (400, True))
    assert money(world)[0] == 0
    assert stock_of(world.app, rice) == ((10, 0, 10) if completed == 200 else (6, 0, 6))
    assert states(world, order_id) == ["completed" if completed == 200 else "accepted"]
    assert verdict(world).is_right


def test_returns_of_orders_that_share_items_never_deadlock(world: World) -> None:
    items = [world.vendor.add_item(stock=20) for _ in range(3)]
    orders = []
    for number in range(8):
        pieces = dict.fromkeys(items if number % 2 else items[::-1], 1)
        orders.append(delivered(world, pieces))
        assert act(world, orders[-1], "initiate", asked(pieces)).status_code == 200
    codes = at_once(*(lambda order_id=order_id: act(world, order_id, "complete").status_code for order_id in orders))
    assert codes == [200] * 8
    assert [stock_of(world.app, item_id) for item_id in items] == [(20, 0, 20)] * 3
    assert money(world)[0] == 0
