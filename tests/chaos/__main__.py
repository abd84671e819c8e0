"""`python -m tests.chaos`: run, report, and say by the exit code how it went."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.chaos.nemesis import WEIGHTS
from tests.chaos.planted import PLANTS
from tests.chaos.run import Wanted, run


def main() -> int:
    """0 clean, 1 violations, 2 inconclusive."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Random chaos on a platform of its own.")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=32, help="residents and, one of four, shopkeepers")
    parser.add_argument("--plant", choices=PLANTS, default="", help="a bug to be found")
    parser.add_argument("--only", nargs="*", choices=tuple(WEIGHTS), default=(), help="the strikes to use")
    parser.add_argument("--report", type=Path, help="write the report there too")
    parser.add_argument("--logs", type=Path, help="copy the parts' logs there if there are violations")
    given = parser.parse_args()
    report = run(
        Wanted(
            seconds=given.seconds,
            seed=given.seed,
            people=given.people,
            plant=given.plant,
            only=tuple(given.only),
            stops_early=bool(given.plant),
            logs=given.logs,
        )
    )
    text = report.markdown()
    print(text)
    if given.report:
        given.report.write_text(text, encoding="utf-8")
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
