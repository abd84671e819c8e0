"""What a completed return gives back, in whatever steps an order comes back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from habrio_vendor.returns.rules import MOVES, STATUSES, refund_of
from habrio_vendor.wallet.rules import BASIS_POINTS, commission_paise

PRICES = st.lists(st.integers(min_value=1, max_value=100_000_000), min_size=1, max_size=30)
"""What each step gives back, in paise; together all that was charged."""


@given(steps=PRICES, basis_points=st.integers(min_value=0, max_value=BASIS_POINTS))
def test_any_split_of_a_full_return_gives_back_exactly_what_was_taken(steps: list[int], basis_points: int) -> None:
    charged_paise = sum(steps)
    before_paise, from_wallet_paise, from_commission_paise = 0, 0, 0
    for now_paise in steps:
        refund = refund_of(charged_paise, before_paise, now_paise, basis_points)
        assert refund.wallet_paise >= 0 and refund.commission_paise >= 0
        assert refund.wallet_paise + refund.commission_paise == now_paise
        before_paise += now_paise
        from_wallet_paise += refund.wallet_paise
        from_commission_paise += refund.commission_paise
        kept_paise = commission_paise(charged_paise, basis_points) - from_commission_paise
        assert kept_paise == commission_paise(charged_paise - before_paise, basis_points)
    assert from_commission_paise == commission_paise(charged_paise, basis_points)
    assert from_wallet_paise == charged_paise - from_commission_paise


def test_a_return_moves_as_the_table_says_and_its_end_is_its_end() -> None:
    assert {(start, to) for start, ends in MOVES.items() for to in ends} == {
        ("raised", "accepted"),
        ("raised", "rejected"),
        ("accepted", "completed"),
    }
    assert set(STATUSES) - set(MOVES) == {"rejected", "completed"}
