"""The main journey through nginx at the one URL, whole and with every Python process killed on the way."""

from __future__ import annotations

import pytest

from tests.e2e import journey
from tests.support.stack import Stack


def test_the_whole_journey_from_log_in_to_log_out(stack: Stack) -> None:
    journey.run(stack.url)


def test_the_journey_can_be_walked_again_on_the_same_stack(stack: Stack) -> None:
    journey.run(stack.url)


VICTIMS = (
    *("gateway", "auth", "consumer", "vendor", "admin"),
    *("auth-worker", "consumer-worker", "vendor-worker", "admin-worker"),
)
PATIENCE_SECONDS = 30.0


@pytest.mark.parametrize(("victim", "step"), [(name, number % 7 + 2) for number, name in enumerate(VICTIMS)])
def test_the_journey_ends_right_though_a_process_is_killed_between_two_steps(
    stack: Stack, victim: str, step: int
) -> None:
    steps: list[str] = []

    def kill_before_the_step(line: str) -> None:
        steps.append(line)
        if len(steps) == step:
            stack.kill(victim)

    journey.run(stack.url, say=kill_before_the_step, patience_seconds=PATIENCE_SECONDS)
    assert len(steps) >= step
    stack.wait_until_ready()
