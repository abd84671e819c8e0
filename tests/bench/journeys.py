"""People with time to think, by locust: the mixed journey, in the environment that uv makes for it.

Not among the requirements: locust brings a plugin for pytest that would turn the threads of every test into its own.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from habrio_local.home import CHECKOUT
from tests.support.society import Shop, Society

LOCUST: Final = "locust==2.47.0"
PEOPLE: Final = 24
SECONDS: Final = 20
START_SECONDS: Final = 120
"""For uv to fetch locust, the first time."""


def measured(society: Society, shop: Shop) -> str:
    """What they saw, in words; that nothing was measured, and why, where locust cannot be had."""
    uv = Path(sys.executable).parent / "uv"
    locustfile = Path(__file__).parent / "locustfile.py"
    with tempfile.TemporaryDirectory(prefix="habrio-bench-locust-") as folder:
        command = [str(uv), "tool", "run", "--quiet", "--python", sys.executable, "--from", LOCUST, "locust"]
        command += ["--headless", "--locustfile", str(locustfile), "--host", society.url, "--csv", f"{folder}/seen"]
        command += [
            "--users",
            str(PEOPLE),
            "--spawn-rate",
            str(PEOPLE),
            "--run-time",
            f"{SECONDS}s",
            "--loglevel",
            "ERROR",
        ]
        where = {
            "HABRIO_BENCH_SOCIETY": society.name,
            "HABRIO_BENCH_SHOP": str(shop.shop_id),
            "HABRIO_BENCH_ITEM": str(shop.items["Rice"]),
            "PYTHONPATH": str(CHECKOUT),
        }
        done = subprocess.run(
            command,
            env={**os.environ, **where},
            capture_output=True,
            text=True,
            timeout=SECONDS + START_SECONDS,
            check=False,  # it ends with 1 when a request failed, and that is among what it writes
        )
        seen = Path(folder) / "seen_stats.csv"
        if not seen.exists():
            return f"NOT MEASURED: {(done.stderr.strip().splitlines() or ['locust said nothing'])[-1][:100]}"
        [all_of_it] = [row for row in csv.DictReader(seen.open(encoding="utf-8")) if row["Name"] == "Aggregated"]
    return (
        f"{all_of_it['Request Count']} requests, p50 {all_of_it['50%']} ms, p95 {all_of_it['95%']} ms, "
        f"p99 {all_of_it['99%']} ms, {all_of_it['Failure Count']} errors"
    )
