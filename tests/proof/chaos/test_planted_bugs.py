"""The chaos is worth something only if it finds what is wrong: each of four planted bugs, in short runs of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.chaos.run import Wanted, run

RUNS = {
    "inbox": Wanted(seconds=25, seed=1, people=24, haste=3, plant="inbox", only=("lose_replies",), stops_early=True),
    "tombstone": Wanted(
        seconds=25, seed=1, people=16, haste=2, plant="tombstone", only=("lose_orders",), stops_early=True
    ),
    "two-transactions": Wanted(
        seconds=25, seed=1, people=16, haste=2, plant="two-transactions", only=("kill_worker",), stops_early=True
    ),
    "role-cache": Wanted(seconds=10, seed=1, people=12, plant="role-cache", only=("kill_worker",), stops_early=True),
}
"""With the adversary that brings each to light."""

SEEDS = (1, 2, 3, 4)
"""What people meet in a run depends on the machine's speed as well as on the seed: a bug may need another try."""


@pytest.mark.parametrize("plant", RUNS)
def test_a_planted_bug_is_found(plant: str) -> None:
    """By whichever check looks first; that a stack without a bug has no violation is `test_short_run`'s to show."""
    reports = []
    for seed in SEEDS:
        reports.append(run(replace(RUNS[plant], seed=seed)))
        if reports[-1].tally.violations:
            break
    assert reports[-1].tally.violations, "\n".join(report.markdown() for report in reports)
    assert reports[-1].exit_code == 1
