"""How long the platform takes to start, and each service to be imported."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Final

from tests.support.stack import Stack

IMPORTED: Final = ("gateway", "auth", "consumer", "vendor", "admin", "agent")
AGAIN: Final = "the whole platform, in a folder where it has run before"
TIMES: Final = 3
"""Of several tries the quickest counts: what else the machine did meanwhile is not what is asked for."""

IMPORT: Final = """
import gc, time
gc.disable()  # as habrio_shared.gunicorn_conf does
began = time.perf_counter()
import habrio_{service}.app
print(time.perf_counter() - began)
"""


def measured(stack: Stack) -> dict[str, float]:
    """Seconds until it can be used, by what starts; `stack` is stopped and started again for it."""
    found = {f"import of {service}": _import_seconds(service) for service in IMPORTED}
    return found | {AGAIN: min(_again_seconds(stack) for _ in range(TIMES))}


def _import_seconds(service: str) -> float:
    command = [sys.executable, "-c", IMPORT.format(service=service)]
    return min(float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(TIMES))


def _again_seconds(stack: Stack) -> float:
    for step in ("stop", "start"):
        began = time.monotonic()
        done = stack.command(step)
        assert done.returncode == 0, done.stderr
    return time.monotonic() - began
