"""Two who move one order at the same moment, through the gateway: one wins, and both sides know of the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import requests

from tests.e2e.flows import AWAITING, ORDERED, Act, Flow, Market, PaymentMode, accept, confirm, modify
from tests.support.at_once import at_once
from tests.support.clock import let_time_run_out
from tests.support.society import Society
from tests.support.stack import Stack
from tests.support.waiting import until

SETTLING_SECONDS = 15


@dataclass(frozen=True)
class Try:
    """What somebody asks for: `verb` of their side of the order, to bring it to the status `to`."""

    side: str
    verb: str
    to: str
    body: Callable[[Flow], object] = lambda _flow: None

    def ask(self, flow: Flow) -> requests.Response:
        phone = flow.market.resident if self.side == "consumer" else flow.market.shop.owner
        return phone.raw("POST", f"/{self.side}/orders/{flow.order_id}/{self.verb}", json=self.body(flow))


def less(flow: Flow) -> object:
    return {"modifications": [{"item_id": flow.market.shop.items["Rice"], "quantity": 1}]}


CONFIRM = Try("consumer", "confirm-modified", "confirmed")
CONSUMER_CANCELS = Try("consumer", "cancel", "cancelled")
VENDOR_CANCELS = Try("vendor", "cancel", "cancelled")
MODIFY = Try("vendor", "modify", AWAITING, less)
DELIVER = Try("vendor", "status", "delivered", lambda _flow: {"status": "delivered"})
TIME_OUT = None
"""The timer of the vendor's worker, whose moment has come."""

RACES: dict[str, tuple[tuple[Act, ...], Try, Try | None]] = {
    "cancel and deliver": ((accept,), CONSUMER_CANCELS, DELIVER),
    "cancel and deliver what is confirmed": ((modify(Rice=2), confirm), CONSUMER_CANCELS, DELIVER),
    "confirm and the vendor's cancel": ((modify(Rice=2),), CONFIRM, VENDOR_CANCELS),
    "confirm and one's own cancel": ((modify(Rice=2),), CONFIRM, CONSUMER_CANCELS),
    "confirm and time-out": ((modify(Rice=2),), CONFIRM, TIME_OUT),
    "modify and deliver": ((), MODIFY, DELIVER),
    "modify and cancel": ((accept,), MODIFY, CONSUMER_CANCELS),
    "modify twice": ((), MODIFY, MODIFY),
}
ATTEMPTS = 3


@pytest.fixture(scope="module")
def market(stack: Stack) -> Iterator[Market]:
    society = Society(stack.url)
    yield Market(stack, society.open_shop(Rice=1000, Tea=1000), society.resident(money=10_000))


@pytest.mark.parametrize("mode", ["wallet", "cash"])
@pytest.mark.parametrize("race", RACES)
def test_of_two_moves_at_once_the_rows_lock_decides_and_all_books_follow(
    market: Market, race: str, mode: PaymentMode
) -> None:
    for _ in range(ATTEMPTS):
        run(Flow(market, mode), *RACES[race])


def run(flow: Flow, before: tuple[Act, ...], one: Try, other: Try | None) -> None:
    for act in before:
        act(flow)
    known = len(flow.expected.timeline)
    if other is None:
        let_time_run_out(flow.market.stack, flow.order_id)
        answers = [(one, one.ask(flow))]
    else:
        answers = list(zip((one, other), at_once(lambda: one.ask(flow), lambda: other.ask(flow)), strict=True))
    settle(flow)
    follow(flow, known)
    for wish, answer in answers:
        judge(flow, wish, answer, known)
    flow.check()
    if flow.expected.status not in ("cancelled", "delivered"):
        assert CONSUMER_CANCELS.ask(flow).status_code == 200


def settle(flow: Flow) -> None:
    """Until the consumer's side has heard of every move of the vendor's row."""
    until(
        lambda: flow.consumers_view()["status"] == flow.market.shop.orders(limit=1)[flow.order_id]["status"],
        seconds=SETTLING_SECONDS,
        what=f"both sides of order {flow.order_id} agree",
    )


def follow(flow: Flow, known: int) -> None:
    """Expect what the moves since then, in their order, make of money and stock."""
    for step in flow.consumers_view()["timeline"][known:]:
        proposed = flow.expected.proposed
        flow.expected.moved(step["status"], step["by"])
        if step["status"] == AWAITING:
            flow.expected.proposed = {**flow.expected.charged, "Rice": 1}
        elif step["status"] == "confirmed":
            assert proposed is not None and proposed != ORDERED
            flow.expected.charged = proposed


def judge(flow: Flow, wish: Try, answer: requests.Response, known: int) -> None:
    """200 exactly if the wish became a move; else 400 with the names of the state it met and of the one it wanted."""
    moves = flow.expected.timeline[known:]
    if answer.status_code == 200:
        assert (wish.to, wish.side) in moves
        return
    assert (answer.status_code, answer.json()["error"]) == (400, "illegal_move"), answer.text
    met = [f"An order that is {status} cannot become {wish.to}" for status, _ in moves]
    assert answer.json()["message"] in met
