"""One folder for the figures of all processes of a gunicorn: what a worker leaves there when it is gone.

prometheus_client keeps a file of each process and adds them up when asked. The files of the dead stay with it for
ever: a service whose workers come and go would fill the folder, and could not drop a file either, for a counter that
falls is taken for one that began anew. So the dead worker's sums go into one file for all dead, and his own goes.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from prometheus_client import multiprocess
from prometheus_client.mmap_dict import MmapedDict

from habrio_shared.metrics.folder import VARIABLE

Params = ParamSpec("Params")
Returned = TypeVar("Returned")

SUMMED = ("counter", "histogram", "summary")
OF_THE_DEAD = "dead"
"""Stands where the number of a process is in the name of its file."""


def seen_whole(answer: Callable[Params, Returned]) -> Callable[Params, Returned]:
    """`answer` sees each dead worker's figures once: neither twice nor not at all while they change files."""

    @wraps(answer)
    def wrapped(*args: Params.args, **kwargs: Params.kwargs) -> Returned:
        folder = os.environ.get(VARIABLE)
        if not folder:
            return answer(*args, **kwargs)
        with _locked(Path(folder), fcntl.LOCK_SH):
            return answer(*args, **kwargs)

    return wrapped


def bury(pid: int) -> None:
    """The worker `pid` is dead: his counts are kept with those of the dead, his files and his gauges go."""
    folder = Path(os.environ[VARIABLE])
    with _locked(folder, fcntl.LOCK_EX):
        multiprocess.mark_process_dead(pid)
        for kind in SUMMED:
            file = folder / f"{kind}_{pid}.db"
            if file.exists():
                _add(file, folder / f"{kind}_{OF_THE_DEAD}.db")
                file.unlink()


def _add(file: Path, sums: Path) -> None:
    kept = MmapedDict(str(sums))
    try:
        for key, value, _timestamp, _position in MmapedDict.read_all_values_from_file(str(file)):
            kept.write_value(key, kept.read_value(key)[0] + value, 0.0)
    finally:
        kept.close()


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, how)
        yield
