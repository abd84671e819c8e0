"""What a consumer's order may become, how it is paid, and when somebody can have been born."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from habrio_consumer.orders.rules import CANCELLABLE, STATUSES, OrderStatus, PaymentStatus, payment_status, status_shown
from habrio_consumer.profile.rules import is_date_of_birth
from habrio_consumer.wallet.rules import Source, TransactionType, source, transaction_type
from habrio_shared.contracts.orders import PaymentMode, VendorOrderStatus

TODAY = date(2026, 1, 31)


def test_the_statuses_of_the_check_are_those_of_the_type() -> None:
    assert set(STATUSES) == set(get_args(OrderStatus))


def test_every_status_of_the_vendor_has_one_here() -> None:
    assert set(get_args(VendorOrderStatus)) - {"refused"} == set(STATUSES) - {"placing", "failed"}


def test_an_order_being_placed_is_shown_as_pending_and_others_as_they_are() -> None:
    assert status_shown("placing") == "pending"
    assert all(status_shown(status) == status for status in STATUSES if status != "placing")


def test_what_is_final_cannot_be_cancelled() -> None:
    assert {"placing", "pending", "accepted", "awaiting_consumer_confirmation", "confirmed"} == CANCELLABLE


@pytest.mark.parametrize(
    ("mode", "status", "expected"),
    [
        ("wallet", "placing", "paid"),
        ("wallet", "pending", "paid"),
        ("wallet", "accepted", "paid"),
        ("wallet", "delivered", "paid"),
        ("wallet", "cancelled", "refunded"),
        ("wallet", "rejected", "refunded"),
        ("cash", "placing", "unpaid"),
        ("cash", "accepted", "unpaid"),
        ("cash", "delivered", "paid"),
        ("cash", "cancelled", "unpaid"),
        ("cash", "rejected", "unpaid"),
    ],
)
def test_payment_status(mode: PaymentMode, status: OrderStatus, expected: PaymentStatus) -> None:
    assert payment_status(mode, status) == expected


@pytest.mark.parametrize(
    ("day", "possible"),
    [
        (date(1899, 12, 31), False),
        (date(1900, 1, 1), True),
        (TODAY, True),
        (date(2026, 2, 1), False),
    ],
)
def test_somebody_is_born_from_1900_to_today(day: date, possible: bool) -> None:
    assert is_date_of_birth(day, TODAY) is possible


@pytest.mark.parametrize(
    ("kind", "delta_paise", "called", "cause"),
    [
        ("topup", 500, "recharge", "payment"),
        ("hold", -500, "debit", "order"),
        ("release", 500, "refund", "order"),
        ("amend", 500, "refund", "order"),
        ("adjust", 500, "refund", "adjustment"),
        ("adjust", -500, "debit", "adjustment"),
    ],
)
def test_movements_of_a_wallet_have_the_apis_names(
    kind: str, delta_paise: int, called: TransactionType, cause: Source
) -> None:
    assert (transaction_type(kind, delta_paise), source(kind)) == (called, cause)
