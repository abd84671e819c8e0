"""Forty-five seconds of chaos, the same seed each time: nothing lost, nothing doubled. The long run is `make chaos`."""

from __future__ import annotations

from tests.chaos.run import Wanted, run


def test_a_short_run_is_clean() -> None:
    report = run(Wanted(seconds=45, seed=1))
    assert report.exit_code == 0, report.markdown()
