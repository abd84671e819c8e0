"""Where the processes of one gunicorn keep their figures. Imports nothing of Prometheus: it looks for the variable
when it is imported, so the folder has to be there before.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
MADE_HERE = "habrio-metrics-"


def prepare(memory: str | None) -> None:
    """Empty the folder that PROMETHEUS_MULTIPROC_DIR names, or make one in `memory` (None: where temporary files go).

    To be called by gunicorn's master before it loads the application. The figures begin anew with the process that
    hands them out. Two gunicorns must not share a folder at the same time, but for the while in which one follows the
    other.
    """
    if not os.environ.get(VARIABLE):
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix=MADE_HERE, dir=memory)
    folder = Path(os.environ[VARIABLE])
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink(missing_ok=True)


def leave() -> None:
    """The master ends: a folder that `prepare` made is of no use to anybody."""
    folder = Path(os.environ[VARIABLE])
    if folder.name.startswith(MADE_HERE):
        shutil.rmtree(folder, ignore_errors=True)
