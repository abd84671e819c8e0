"""What a stack leaves behind when its supervisor was killed: found by its mark and by the state file, and ended."""

from __future__ import annotations

import contextlib
import os

import psutil

from habrio_local.environment import STACK_MARKER
from habrio_local.home import Home

WAIT_SECONDS = 12.0


def end_leftovers(home: Home) -> int:
    """End every process of this home's former stack; how many there were. The caller holds the home's lock.

    They were asked to stop when their parent died, so most are gone or on their way; who is not gets killed.
    PostgreSQL is not among them: it has its own, gentler way (postgres.end_leftover).
    """
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = [
        process for process in _of_state(home) | _of_mark(home) if process.pid not in own and not _is_postgres(process)
    ]
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _gone, alive = psutil.wait_procs(found, timeout=WAIT_SECONDS)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=WAIT_SECONDS)
    return len(found)


def _of_state(home: Home) -> set[psutil.Process]:
    """The processes that the state file names and their children; a pid that was given anew since does not count."""
    found: set[psutil.Process] = set()
    for entry in home.read_state().get("processes", {}).values():
        if not entry.get("pid"):
            continue
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(entry["pid"])
            if abs(process.create_time() - (entry.get("created") or 0)) < 1:
                found |= {process, *process.children(recursive=True)}
    return found


def _of_mark(home: Home) -> set[psutil.Process]:
    found: set[psutil.Process] = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            if process.environ().get(STACK_MARKER) == str(home.root):
                found.add(process)
    return found


def _is_postgres(process: psutil.Process) -> bool:
    """True too for one that is gone: there is nothing to end."""
    try:
        return bool(process.name() == "postgres")
    except psutil.NoSuchProcess:
        return True
