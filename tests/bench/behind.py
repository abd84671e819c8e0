"""What is no single request: log-ins, a day of people with time to think, a file of 50,000 rows, the relay."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles
from typing import Any, Final

import psycopg

from tests.bench import bulk_upload, journeys, processes
from tests.integration.vendor.sheets import csv_of
from tests.support.client import Phone
from tests.support.society import Shop, Society
from tests.support.stack import Stack
from tests.support.waiting import until

LOG_INS: Final = 60
RELAYED: Final = 1_000


def measured(stack: Stack, database: psycopg.Connection[Any]) -> dict[str, str]:
    """In words, by what was done."""
    society = Society(stack.url)
    shop = society.open_shop(Rice=1_000_000, Dal=1_000_000)
    return {
        f"{LOG_INS} log-ins (code sent, read, verified), 4 at once": _log_ins(stack),
        f"{journeys.PEOPLE} people with 0.1 to 0.5 s to think": journeys.measured(society, shop),
        f"the relay, {RELAYED} messages due at once (doubles to their receiver)": _relay(database),
        f"a file of {bulk_upload.ROWS:,} rows": _upload(stack, shop),
    }


def _log_ins(stack: Stack) -> str:
    def log_in(_number: int) -> float:
        began = time.monotonic()
        Phone(stack.url).sign_in()
        return time.monotonic() - began

    before, began = processes.cpu_seconds(stack), time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        took = list(pool.map(log_in, range(LOG_INS)))
    seconds = time.monotonic() - began
    used = sum(processes.cpu_seconds(stack).values()) - sum(before.values())
    return f"{LOG_INS / seconds:.0f}/s, {_percentiles(took)}, {used / LOG_INS * 1000:.1f} ms CPU each"


def _percentiles(took: list[float]) -> str:
    of = quantiles([seconds * 1000 for seconds in took], n=100)
    return f"p50 {of[49]:.0f} ms, p95 {of[94]:.0f} ms, p99 {of[98]:.0f} ms"


def _relay(database: psycopg.Connection[Any]) -> str:
    """Messages that were delivered long ago are due again: to the receiver they are doubles, and change nothing."""
    due = (
        "UPDATE consumer.outbox SET done_at = NULL, next_try_at = clock_timestamp() WHERE id IN "
        "(SELECT id FROM consumer.outbox WHERE done_at IS NOT NULL AND target = 'vendor' ORDER BY id DESC LIMIT %s)"
    )
    began = time.monotonic()
    wanted = database.execute(due, (RELAYED,)).rowcount

    def all_done() -> bool:
        row = database.execute("SELECT count(*) FROM consumer.outbox WHERE done_at IS NULL").fetchone()
        return row == (0,)

    until(all_done, seconds=180, what="the relay has delivered everything")
    return f"{wanted / (time.monotonic() - began):.0f}/s ({wanted} messages)"


def _upload(stack: Stack, shop: Shop) -> str:
    content = csv_of(bulk_upload.rows(10.5, "B"))
    accepted, seconds, megabytes, report = bulk_upload.measure(stack, shop, "items.csv", content)
    return (
        f"{report['state']}, accepted in {accepted:.1f} s, done after {seconds:.1f} s more, {megabytes:.0f} MB at most"
    )
