"""The chaos is worth something only if it finds what is wrong: each of four planted bugs, in a short run of its own."""

from __future__ import annotations

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

SIGNS = {
    "inbox": "not what was answered first|the timeline|the ledgers: ",
    "tombstone": "differ|the money held is not|timeline|vendor's list|the ledgers: ",
    "two-transactions": "the money held is not that of the open orders|the ledgers: ",
    "role-cache": "a role that was acknowledged|a session that was ended",
}
"""Each is seen by whichever check looks first: the ledgers are proved in a snapshot, the rest is read in another."""


@pytest.mark.parametrize("plant", RUNS)
def test_a_planted_bug_is_found(plant: str) -> None:
    report = run(RUNS[plant])
    assert report.exit_code == 1, report.markdown()
    found = [words for words in report.tally.violations if any(sign in words for sign in SIGNS[plant].split("|"))]
    assert found, report.markdown()
