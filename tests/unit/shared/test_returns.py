"""What may come back of an order, as both services say it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habrio_shared.contracts.orders import DELIVERED, ReturnLine, ReturnState, ReturnStatus, VendorOrderStatus
from habrio_shared.contracts.returns import (
    REJECTED_MAX,
    SENTENCES,
    ReturnFault,
    fault_of_return,
    left_to_return,
    sentence,
)


def lines(*pieces: tuple[int, int]) -> list[ReturnLine]:
    return [ReturnLine(item_id=item_id, quantity=quantity) for item_id, quantity in pieces]


def known(status: ReturnStatus, *pieces: tuple[int, int]) -> ReturnState:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    return ReturnState(number=1, status=status, by="consumer", raised_at=at, lines=lines(*pieces))


@pytest.mark.parametrize("status", get_args(VendorOrderStatus))
def test_only_what_was_delivered_comes_back(status: VendorOrderStatus) -> None:
    fault = fault_of_return(status, {1: 2}, [], lines((1, 2)))
    assert fault == (None if status in DELIVERED else "illegal_move")
    assert status in sentence("illegal_move", status)


@pytest.mark.parametrize(
    ("wanted", "returns", "fault"),
    [
        (lines((1, 3), (2, 1)), [], None),
        (lines((1, 1)), [known("completed", (1, 2))], None),
        (lines((1, 3)), [known("rejected", (1, 3))], None),
        (lines((1, 2)), [known("completed", (1, 1)), known("completed", (1, 1))], "more_than_delivered"),
        (lines((1, 4)), [], "more_than_delivered"),
        (lines((9, 1)), [], "unknown_item"),
        (lines((1, 1), (1, 1)), [], "repeated_item"),
        (lines((1, 1)), [known("raised", (2, 1))], "return_open"),
        (lines((1, 1)), [known("accepted", (2, 1))], "return_open"),
        (lines((1, 1)), [known("rejected", (2, 1))] * (REJECTED_MAX - 1), None),
        (lines((1, 1)), [known("rejected", (2, 1))] * REJECTED_MAX, "too_often_rejected"),
    ],
)
def test_what_may_not_come_back_has_a_word(
    wanted: list[ReturnLine], returns: list[ReturnState], fault: ReturnFault | None
) -> None:
    assert fault_of_return("delivered", {1: 3, 2: 1}, returns, wanted) == fault


def test_every_fault_has_its_sentence() -> None:
    assert set(SENTENCES) == set(get_args(ReturnFault))


QUANTITIES = st.dictionaries(st.integers(1, 5), st.integers(1, 10), min_size=1)


@given(delivered=QUANTITIES, wishes=st.lists(QUANTITIES, max_size=12))
def test_no_more_comes_back_than_was_delivered_whatever_is_wished(
    delivered: dict[int, int], wishes: list[dict[int, int]]
) -> None:
    returns: list[ReturnState] = []
    for wish in wishes:
        if fault_of_return("delivered", delivered, returns, lines(*wish.items())) is None:
            returns.append(known("completed", *wish.items()))
    came_back: Counter[int] = Counter()
    for done in returns:
        came_back.update({line.item_id: line.quantity for line in done.lines})
    assert all(came_back[item_id] <= quantity for item_id, quantity in delivered.items())
    assert left_to_return(delivered, returns) == {
        item_id: quantity - came_back[item_id] for item_id, quantity in delivered.items()
    }
