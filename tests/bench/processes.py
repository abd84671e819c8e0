"""What the platform's processes have used: CPU seconds and memory, from /proc."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import psutil

from tests.support.stack import Stack

GROUPS = ("nginx", "gateway", "auth", "consumer", "vendor", "admin", "workers", "postgres", "valkey")


def cpu_seconds(stack: Stack) -> dict[str, float]:
    """User and system time by group, of those alive and of children that ended."""
    used = dict.fromkeys(GROUPS, 0.0)
    for name, pid in stack.pids().items():
        for process in family(pid):
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            used[group(name)] += times.user + times.system + times.children_user + times.children_system
    return used


def pss_megabytes(pids: Iterable[int]) -> float:
    """Memory of these and their children, in which what several share is divided among them."""
    return sum(own_pss_megabytes(process.pid) for pid in pids for process in family(pid))


def own_pss_megabytes(pid: int) -> float:
    """The same of one process without its children; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def group(part: str) -> str:
    """The column of a part of the stack: all workers are one."""
    return "workers" if part.endswith("-worker") else part
