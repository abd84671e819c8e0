"""The journeys of an order across services, as data: each by wallet and by cash, both sides checked after each act."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.flows import (
    Act,
    Flow,
    Market,
    PaymentMode,
    accept,
    confirm,
    consumer_cancels,
    deliver,
    modify,
    reject,
    time_out,
    vendor_cancels,
)
from tests.support.society import Society
from tests.support.stack import Stack

less = modify(Rice=2)  # 42.00
without_tea = modify(Tea=0)  # 21.00 after `less`

JOURNEYS: dict[str, tuple[Act, ...]] = {
    "accept, deliver": (accept, deliver),
    "deliver at once": (deliver,),
    "reject": (reject,),
    "not answered": (time_out,),
    "modify, confirm, deliver": (less, confirm, deliver),
    "accept, modify, confirm, deliver": (accept, less, confirm, deliver),
    "modify, confirm, modify, confirm, deliver": (less, confirm, without_tea, confirm, deliver),
    "modify, not confirmed": (less, time_out),
    "modify, confirm, modify, not confirmed": (less, confirm, without_tea, time_out),
    **{
        f"{state}, {name}": (*way, cancel)
        for name, cancel in (("consumer cancels", consumer_cancels), ("vendor cancels", vendor_cancels))
        for state, way in {
            "pending": (),
            "accept": (accept,),
            "modify": (less,),
            "modify, confirm": (less, confirm),
            "modify, confirm, modify": (less, confirm, without_tea),
        }.items()
    },
}


@pytest.fixture(scope="module")
def market(stack: Stack) -> Iterator[Market]:
    society = Society(stack.url)
    yield Market(stack, society.open_shop(Rice=1000, Tea=1000), society.resident(money=10_000))


@pytest.mark.parametrize("mode", ["wallet", "cash"])
@pytest.mark.parametrize("journey", JOURNEYS)
def test_after_every_act_both_sides_agree_on_statuses_amounts_money_and_stock(
    market: Market, journey: str, mode: PaymentMode
) -> None:
    flow = Flow(market, mode)
    for act in JOURNEYS[journey]:
        act(flow)
        flow.check()
