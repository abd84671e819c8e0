"""Many who do something at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

MEET_SECONDS, DONE_SECONDS = 10, 60


def at_once(*calls: Callable[[], Result]) -> list[Result]:
    """Run all calls from one barrier and return their results in order; what one raises is raised."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result:
        barrier.wait(MEET_SECONDS)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [done.result(DONE_SECONDS) for done in [pool.submit(run, call) for call in calls]]
