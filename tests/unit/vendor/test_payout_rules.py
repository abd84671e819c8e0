"""A payout's life, and what a wallet calls its movements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habrio_vendor.payouts.rules import MOVES, SETTLED, STATUSES, may_move, readable
from habrio_vendor.wallet.rules import transaction_status, transaction_type


def test_a_payout_is_sent_before_it_is_anything_else_and_ends_for_good() -> None:
    allowed = {(status, to) for status in STATUSES for to in STATUSES if may_move(status, to)}
    assert allowed == {("requested", "sent"), ("sent", "paid"), ("sent", "failed")}
    assert set(MOVES) == set(STATUSES)
    assert {"paid", "failed"} == SETTLED


@given(st.text(max_size=500))
def test_whatever_a_provider_says_can_be_kept_and_shown(words: str) -> None:
    kept = readable(words)
    assert len(kept) <= 200
    assert kept.isprintable()
    kept.encode()


@pytest.mark.parametrize(
    ("kind", "delta_paise", "called"),
    [
        ("settle", 100, "credit"),
        ("withdraw", -100, "withdrawal"),
        ("payout_failed", 100, "credit"),
        ("adjust", 100, "credit"),
        ("adjust", -100, "debit"),
        ("return", -100, "debit"),
    ],
)
def test_a_movement_is_called_what_the_vendor_understands(kind: str, delta_paise: int, called: str) -> None:
    assert transaction_type(kind, delta_paise) == called


@pytest.mark.parametrize(
    ("kind", "resolved_by", "status"),
    [
        ("settle", None, "success"),
        ("adjust", None, "success"),
        ("payout_failed", None, "success"),
        ("withdraw", None, "pending"),
        ("withdraw", "payout_paid", "success"),
        ("withdraw", "payout_failed", "failed"),
    ],
)
def test_only_a_withdrawal_may_still_be_under_way(kind: str, resolved_by: str | None, status: str) -> None:
    assert transaction_status(kind, resolved_by) == status
