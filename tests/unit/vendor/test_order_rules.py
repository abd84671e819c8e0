"""An order's moves and refusals, by the table of the public API."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest

from habrio_shared.contracts.orders import DELIVERED, Actor, OrderLine, RefusalWord, VendorOrderStatus
from habrio_vendor.orders import rules
from habrio_vendor.orders.rules import Offer

ALLOWED = {
    ("pending", "vendor", "accepted"),
    ("pending", "vendor", "rejected"),
    ("pending", "vendor", "delivered"),
    ("pending", "vendor", "cancelled"),
    ("pending", "vendor", "awaiting_consumer_confirmation"),
    ("pending", "consumer", "cancelled"),
    ("pending", "timer", "cancelled"),
    ("accepted", "vendor", "delivered"),
    ("accepted", "vendor", "awaiting_consumer_confirmation"),
    ("accepted", "vendor", "cancelled"),
    ("accepted", "consumer", "cancelled"),
    ("awaiting_consumer_confirmation", "vendor", "cancelled"),
    ("awaiting_consumer_confirmation", "consumer", "confirmed"),
    ("awaiting_consumer_confirmation", "consumer", "cancelled"),
    ("awaiting_consumer_confirmation", "timer", "cancelled"),
    ("confirmed", "vendor", "delivered"),
    ("confirmed", "vendor", "awaiting_consumer_confirmation"),
    ("confirmed", "vendor", "cancelled"),
    ("confirmed", "consumer", "cancelled"),
    ("delivered", "vendor", "return_accepted"),
    ("return_accepted", "vendor", "return_completed"),
    ("return_completed", "vendor", "return_accepted"),
}


def test_exactly_the_moves_of_the_table_are_allowed() -> None:
    statuses, actors = get_args(VendorOrderStatus), get_args(Actor)
    found = {
        (status, by, to)
        for status, by, to in itertools.product(statuses, actors, statuses)
        if rules.may_move(status, by, to)
    }
    assert found == ALLOWED


def test_every_status_of_the_contract_is_known_to_the_database() -> None:
    assert set(rules.STATUSES) == set(get_args(VendorOrderStatus))
    assert set(rules.SENTENCES) == set(get_args(RefusalWord))


@pytest.mark.parametrize("status", get_args(VendorOrderStatus))
def test_a_cash_order_is_unpaid_until_delivered(status: VendorOrderStatus) -> None:
    assert rules.payment_status("cash", status) == ("paid" if status in DELIVERED else "unpaid")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("pending", "paid"),
        ("accepted", "paid"),
        ("delivered", "paid"),
        ("cancelled", "refunded"),
        ("rejected", "refunded"),
    ],
)
def test_a_wallet_order_is_paid_until_it_is_undone(status: VendorOrderStatus, expected: str) -> None:
    assert rules.payment_status("wallet", status) == expected


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        ([(1, 3)], None),
        ([(1, 0)], None),
        ([(1, 4), (2, 1)], None),
        ([(2, 0), (1, 4)], None),
        ([(3, 0), (1, 1)], None),
        ([(4, 1)], "unknown_item"),
        ([(4, 0), (1, 9)], "unknown_item"),
        ([(1, 1), (1, 2)], "repeated_item"),
        ([(1, 2), (1, 2)], "repeated_item"),
        ([(1, 5)], "more_than_ordered"),
        ([(1, 1), (3, 1)], "more_than_ordered"),
        ([(1, 0), (2, 0)], "nothing_left"),
        ([(1, 4)], "nothing_changed"),
        ([(1, 4), (2, 2), (3, 0)], "nothing_changed"),
    ],
)
def test_a_change_makes_the_order_smaller_and_leaves_something(
    wanted: list[tuple[int, int]], fault: str | None
) -> None:
    assert rules.fault_of_change({1: 4, 2: 2, 3: 0}, wanted) == fault


def test_every_fault_of_a_change_has_its_sentence() -> None:
    assert set(rules.CHANGE_FAULTS) == set(get_args(rules.ChangeFault))


def line(item_id: int, quantity: int = 1, price_paise: int = 1000) -> OrderLine:
    return OrderLine(item_id=item_id, title="Rice", unit="kg", quantity=quantity, unit_price_paise=price_paise)


def offer(*, price_paise: int = 1000, in_stock: int = 5, on_sale: bool = True) -> Offer:
    return Offer("Basmati", price_paise, in_stock, on_sale)


def test_lines_that_can_be_had_are_not_refused() -> None:
    assert rules.refusal_of_lines([line(1, 5), line(2)], {1: offer(), 2: offer(in_stock=1)}) is None
    assert rules.total_paise([line(1, 5), line(2, 2, 55)]) == 5110


@pytest.mark.parametrize(
    ("offers", "word", "refused"),
    [
        ({1: offer()}, "item_unavailable", [2]),
        ({1: offer(on_sale=False), 2: offer(price_paise=1)}, "item_unavailable", [1]),
        ({1: offer(price_paise=999), 2: offer(in_stock=0)}, "price_changed", [1]),
        ({1: offer(price_paise=999), 2: offer(price_paise=1001)}, "price_changed", [1, 2]),
        ({1: offer(), 2: offer(in_stock=0)}, "not_enough_stock", [2]),
        ({1: offer(in_stock=0), 2: offer(in_stock=0)}, "not_enough_stock", [1, 2]),
    ],
)
def test_the_weightiest_reason_is_given_with_every_line_it_holds_for(
    offers: dict[int, Offer], word: RefusalWord, refused: list[int]
) -> None:
    refusal = rules.refusal_of_lines([line(1), line(2)], offers)
    assert refusal is not None
    assert (refusal.word, [found.item_id for found in refusal.lines]) == (word, refused)


def test_a_refused_line_says_what_can_be_had_now() -> None:
    refusal = rules.refusal_of_lines([line(1, 9)], {1: offer(in_stock=5)})
    assert refusal is not None
    [found] = refusal.lines
    assert (found.title, found.price_paise, found.available) == ("Basmati", 1000, 5)
