"""An entry that the tables would refuse cannot even be made."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from habrio_shared.contracts.message import Message
from habrio_shared.ledger import Account, Entry, Posting, moves

WORLD, ESCROW, WALLET = Account("world"), Account("escrow"), Account("wallet:1", floor_paise=0)


@pytest.mark.parametrize("amount_paise", [0, -1])
def test_a_posting_moves_something(amount_paise: int) -> None:
    with pytest.raises(ValueError, match="at least one paisa"):
        Posting(WORLD, WALLET, amount_paise)


def test_a_posting_moves_money_between_two_accounts() -> None:
    with pytest.raises(ValueError, match="between two accounts"):
        Posting(WALLET, WALLET, 1)


def test_steps_of_nothing_are_left_out() -> None:
    assert moves((WORLD, WALLET, 5), (WORLD, ESCROW, 0)) == (Posting(WORLD, WALLET, 5),)


def test_an_entry_moves_something() -> None:
    with pytest.raises(ValueError, match="moves something"):
        Entry("a", "test", ())


def test_an_entry_does_not_resolve_itself() -> None:
    with pytest.raises(ValueError, match="itself"):
        Entry("a", "test", moves((WORLD, WALLET, 1)), resolves="a")


def test_an_account_has_one_floor_within_an_entry() -> None:
    unguarded = Account("wallet:1")
    with pytest.raises(ValueError, match="two floors"):
        Entry("a", "test", moves((WORLD, WALLET, 1), (unguarded, ESCROW, 1)))


def test_a_floor_above_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="floor"):
        Account("wallet:1", floor_paise=1)


def test_accounts_come_in_the_order_of_their_names_with_what_they_gain() -> None:
    entry = Entry("a", "test", moves((WORLD, WALLET, 5), (WALLET, ESCROW, 2)))
    assert entry.accounts() == [ESCROW, WALLET, WORLD]
    assert entry.deltas() == {"escrow": 2, "wallet:1": 3, "world": -5}


class Nothing(BaseModel):
    pass


@pytest.mark.parametrize("kind", ["place", "Orders.place", "orders.place/../x", "orders..place", "orders.pläce"])
def test_a_message_kind_fits_into_a_path(kind: str) -> None:
    with pytest.raises(ValueError, match="dotted"):
        Message(kind, sender="consumer", target="vendor", body=Nothing, reply=Nothing)


def test_a_message_goes_to_another_service() -> None:
    with pytest.raises(ValueError, match="target"):
        Message("orders.place", sender="vendor", target="vendor", body=Nothing, reply=Nothing)
