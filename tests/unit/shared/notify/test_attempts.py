"""How long is waited between the attempts to send a message."""

from __future__ import annotations

from habrio_shared.notify.attempts import ATTEMPTS_MAX, wait_before_next


def test_waits_double_up_to_a_minute_lose_up_to_half_by_chance_and_end_before_a_code_does() -> None:
    tries = range(1, ATTEMPTS_MAX)
    longest = [wait_before_next(number, 0.0) for number in tries]
    assert longest == [2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert sum(longest) == 302
    assert [wait_before_next(number, 1.0) for number in tries] == [wait / 2 for wait in longest]
