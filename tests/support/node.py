"""Tools from npm, run by npx at a pinned version; a test that needs one says so where it cannot be had."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache

import pytest

REDOCLY = "@redocly/cli@2.77.0"
NEWMAN = "newman@6.2.2"
FETCH_SECONDS = 300.0
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_UPDATE_NOTIFIER": "true"}


@cache
def missing(tool: str) -> str:
    """Why `tool` cannot be run here; "" if it can. The first call fetches it."""
    if not shutil.which("npx"):
        return f"NOT TESTED: {tool} needs Node.js (npx), which is not installed"
    found = npx(tool, "--version", timeout=FETCH_SECONDS)
    last = (found.stderr.strip().splitlines() or ["no reason given"])[-1]
    return "" if found.returncode == 0 else f"NOT TESTED: npx cannot run {tool}: {last}"


def require(tool: str) -> None:
    """Skip the test, loudly, where `tool` cannot be run."""
    if reason := missing(tool):
        pytest.skip(reason)


def npx(tool: str, *arguments: str, timeout: float = 120.0) -> subprocess.CompletedProcess[str]:
    """Run `tool` and return what it said; its exit code is the caller's affair."""
    return subprocess.run(
        ["npx", "--yes", tool, *arguments],
        env=os.environ | QUIET,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )
