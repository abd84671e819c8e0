"""No interleaving of one order's messages, moves and crashes goes wrong; each thought left out does, in a few steps."""

from __future__ import annotations

import pytest

from habrio_consumer.orders import rules
from habrio_shared.contracts import orders
from habrio_shared.contracts.message import Message
from tests.support.protocol.facts import Scope
from tests.support.protocol.mutants import MUTANTS
from tests.support.protocol.protocol import Protocol
from tests.support.protocol.search import search

ONE_THAT_SHRINKS = Scope(orders=(2,), stock=2, money=2)
ONE_THAT_CANNOT_BE_HAD = Scope(orders=(1,), stock=0, money=1)
TWO_FOR_THE_LAST = Scope(orders=(1, 1), stock=1, money=2, moves=frozenset({"delivered", "cancelled"}))
SMALL = {
    "one that cannot be had": ONE_THAT_CANNOT_BE_HAD,
    "one that shrinks": ONE_THAT_SHRINKS,
    "two for the last": TWO_FOR_THE_LAST,
}


@pytest.mark.parametrize("scope", SMALL.values(), ids=SMALL)
def test_every_state_that_can_be_reached_is_right(scope: Scope) -> None:
    found = search(Protocol(scope))
    assert not found.wrong, str(found)


def test_orders_end_in_every_way_that_there_is() -> None:
    ends = search(Protocol(ONE_THAT_SHRINKS)).ends | search(Protocol(ONE_THAT_CANNOT_BE_HAD)).ends
    assert ends == set(rules.STATUSES) - {"placing"}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_thought_left_out_is_found_and_the_way_to_it_is_short(mutant: type[Protocol]) -> None:
    found = next(found for found in (search(mutant(scope)) for scope in SMALL.values()) if found.wrong)
    assert len(found.trace) <= 8, str(found)


def test_the_model_knows_every_message_about_how_an_order_stands() -> None:
    real = {name for name, value in vars(orders).items() if isinstance(value, Message)}
    assert real == {"PLACE", "CANCEL", "CONFIRM_CHANGE", "MOVED"}
