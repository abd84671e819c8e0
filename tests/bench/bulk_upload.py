"""How long 50,000 rows take, and how much memory: `python -m tests.bench.bulk_upload` starts a platform of its own.

Prints a line for each file: seconds from its acceptance to its end, and the most that the vendor's worker and its
children have held of memory meanwhile (RSS, looked at ten times a second). Exits with 1 beyond 60 s or 200 MB.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import psutil

from tests.integration.vendor.sheets import csv_of, xlsx_of
from tests.support.society import Shop, Society
from tests.support.stack import Stack, running_stack

ROWS = 50_000
SECONDS_MAX = 60
MEGABYTES_MAX = 200
HEADER = ["title", "price", "brand", "description", "mrp", "quantity_in_stock", "pack_size", "category", "sku"]


def rows(price: float, sku: str) -> list[Sequence[Any]]:
    """A header and 50,000 items."""
    return [
        HEADER,
        *(
            (f"Item number {n}", price, "Amul", f"Description {n % 97}", 900, n % 1000, "500 g", "Dairy", f"{sku}-{n}")
            for n in range(ROWS)
        ),
    ]


def megabytes(worker: psutil.Process) -> float:
    """What the worker and its children hold now."""
    held = 0
    for process in [worker, *worker.children(recursive=True)]:
        try:
            held += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return held / 1e6


def measure(stack: Stack, shop: Shop, name: str, content: bytes) -> tuple[float, float, float, dict[str, Any]]:
    """(seconds until accepted, seconds until done, megabytes at most, the report)."""
    worker = psutil.Process(stack.pids()["vendor-worker"])
    began = time.monotonic()
    answer = shop.owner.raw("POST", "/vendor/item/bulk-upload", files={"file": (name, content)})
    assert answer.status_code == 202, answer.text
    accepted = time.monotonic()
    most = 0.0
    asked = 0.0
    while True:
        most = max(most, megabytes(worker))
        if time.monotonic() - asked > 1:
            asked = time.monotonic()
            report = shop.owner.get(f"/vendor/item/bulk-upload/{answer.json()['task_id']}")
            if report["state"] in ("done", "failed"):
                return accepted - began, time.monotonic() - accepted, most, report
        time.sleep(0.1)


def main() -> int:
    """Measure, print, judge."""
    files: list[tuple[str, str, Callable[[], bytes]]] = [
        ("csv, creating", "items.csv", lambda: csv_of(rows(10.5, "C"))),
        ("csv, updating", "items.csv", lambda: csv_of(rows(11.5, "C"))),
        ("xlsx, creating", "items.xlsx", lambda: xlsx_of(rows(10.5, "X"))),
        ("xlsx, updating", "items.xlsx", lambda: xlsx_of(rows(11.5, "X"))),
    ]
    is_good = True
    with running_stack() as stack:
        shop = Society(stack.url).open_shop()
        idle = megabytes(psutil.Process(stack.pids()["vendor-worker"]))
        print(f"the worker, idle: {idle:.0f} MB")
        for what, name, made in files:
            content = made()
            accepted, seconds, most, report = measure(stack, shop, name, content)
            counts = {key: report[key] for key in ("state", "rows_read", "created", "updated", "rows_bad")}
            print(f"{what} ({len(content) / 1e6:.1f} MB): {accepted:.1f} s + {seconds:.1f} s, {most:.0f} MB, {counts}")
            is_good &= report["state"] == "done" and seconds <= SECONDS_MAX and most <= MEGABYTES_MAX
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
