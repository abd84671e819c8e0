"""`make bench`: start, seed, measure, judge, write TABLE.md and plot.svg.

`--long` takes more and longer runs, `--quick` so few that only the bench itself is tried.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import report, wrk
from tests.bench.run import Plan, agreement, measure_all


def main() -> int:
    """0 if every budget is kept (and both runs agree), 1 if not, 2 if there is nothing to measure with."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--long", action="store_true", help="five runs of 10 s instead of three of 4 s")
    parser.add_argument("--quick", action="store_true", help="one run of 1 s: figures that say nothing")
    parser.add_argument(
        "--twice", action="store_true", help="two runs in a row; their ratios have to agree within 15 %%"
    )
    parser.add_argument("--only", default="", help="scenarios whose name has this in it")
    parser.add_argument("--workers", type=int, default=2, help="gunicorn workers of each service")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, help="where the table and the plot go")
    given = parser.parse_args()
    if wrk.binary() is None:
        print("bench: nothing was measured: wrk is not installed (apt-get install wrk)", file=sys.stderr)
        return 2
    runs, seconds = (5, 10.0) if given.long else (1, 1.0) if given.quick else (3, 4.0)
    plan = Plan(runs=runs, seconds=seconds, workers=given.workers, only=given.only)
    with tempfile.TemporaryDirectory(prefix="habrio-bench-") as folder:
        found = measure_all(plan, Path(folder))
        agreed = agreement(found, measure_all(plan, Path(folder))) if given.twice else []
    given.into.mkdir(parents=True, exist_ok=True)
    (given.into / "TABLE.md").write_text(report.table(found, plan, agreed), encoding="utf-8")
    (given.into / "plot.svg").write_text(report.plot(found), encoding="utf-8")
    print(report.table(found, plan, agreed))
    is_kept = all(judged.is_kept for judged in found.budgets) and all(ratio.is_kept for ratio in agreed)
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
