"""Failed messages are tried again ever more rarely, never all at once, and never given up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from habrio_shared.outbox.deliver import back_off_seconds


@given(st.integers(1, 10_000), st.sampled_from([10.0, 60.0]))
def test_a_pause_is_at_least_a_quarter_second_and_at_most_the_longest(attempts: int, longest_seconds: float) -> None:
    assert 0.25 <= back_off_seconds(attempts, longest_seconds) <= longest_seconds


def test_pauses_double_until_the_longest() -> None:
    for attempts, full_seconds in [(1, 0.5), (2, 1), (3, 2), (7, 32), (8, 60), (9, 60)]:
        pauses = [back_off_seconds(attempts, 60.0) for _ in range(200)]
        assert full_seconds / 2 <= min(pauses)
        assert max(pauses) <= full_seconds


def test_two_messages_that_failed_together_are_not_tried_together() -> None:
    assert len({back_off_seconds(5, 60.0) for _ in range(20)}) > 1
