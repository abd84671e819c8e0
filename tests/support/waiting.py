"""Waiting for what another process is about to do, bounded, and with words for when it does not."""

from __future__ import annotations

import time
from collections.abc import Callable

POLL_SECONDS = 0.05


def until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Return as soon as `condition` is true; AssertionError naming `what` after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"did not happen within {seconds} s: {what}"
        time.sleep(POLL_SECONDS)  # the event is in another process: there is nothing here to wait on
