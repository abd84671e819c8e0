"""Prometheus, Alertmanager and their tools are no packages of Python: where one is missing its tests are skipped."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from habrio_local.home import CHECKOUT

FOLDER = CHECKOUT / "monitoring"


def needed(*names: str) -> str:
    """The path of the first of `names` that is installed; the test is skipped, with the reason, when none is."""
    for name in names:
        if found := shutil.which(name):
            return found
    pytest.skip(f"{names[0]} is not installed (Debian: apt-get install prometheus prometheus-alertmanager)")


def checked(*command: str) -> str:
    """What the command, run in `monitoring/`, says; an AssertionError with it when it fails."""
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
