"""The same search, wider: two orders at once for stock or money for one, and an order that shrinks twice."""

from __future__ import annotations

import pytest

from tests.support.protocol.facts import Scope
from tests.support.protocol.protocol import Protocol
from tests.support.protocol.search import search

WIDE = {
    "one order, made smaller twice": Scope(orders=(3,), stock=3, money=3),
    "two orders, stock and money for one": Scope(
        orders=(1, 1), stock=1, money=1, moves=frozenset({"accepted", "delivered", "cancelled"})
    ),
    "two orders, stock for one": Scope(orders=(1, 1), stock=1, money=2, moves=frozenset({"rejected", "delivered"})),
    "two orders, stock and money for the second once the first is smaller": Scope(
        orders=(2, 1), stock=2, money=2, moves=frozenset({"awaiting_consumer_confirmation", "delivered"})
    ),
}


@pytest.mark.parametrize("scope", WIDE.values(), ids=WIDE)
def test_every_state_that_can_be_reached_is_right(scope: Scope) -> None:
    found = search(Protocol(scope))
    print(found)
    assert not found.wrong, str(found)
