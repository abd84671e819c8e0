"""The main journey through nginx at the one URL, whole and with every Python process killed on the way."""

from __future__ import annotations

import pytest

from tests.e2e import journey
from tests.support.stack import Stack


def test_the_whole_journey_from_log_in_to_log_out(stack: Stack) -> None:
    journey.run(stack.url)


def test_the_journey_can_be_walked_again_on_the_same_stack(stack: Stack) -> None:
    journey.run(stack.url)


@pytest.mark.parametrize(
    "victim", ["gateway", "auth", "consumer", "vendor", "auth-worker", "consumer-worker", "vendor-worker"]
)
def test_the_journey_ends_right_though_a_process_is_killed_between_two_steps(stack: Stack, victim: str) -> None:
    steps: list[str] = []

    def kill_before_the_orders(line: str) -> None:
        steps.append(line)
        if len(steps) == 4:
            stack.kill(victim)
            stack.wait_until_ready()

    journey.run(stack.url, say=kill_before_the_orders)
    assert len(steps) > 4
