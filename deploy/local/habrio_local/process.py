"""A process of the stack as data, and how it is born: in a group of its own, and mortal with its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from habrio_local.problem import Problem

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """An operating-system user to run a process as."""

    name: str
    uid: int
    gid: int
    group: str


@dataclass(frozen=True)
class Process:
    """What to start and how to stop it. `env` is the whole environment; `noise` is what stays off the console.

    `listens` (`host:port`): the supervisor listens there and hands the socket on, so that one process can follow
    another without a moment in which nobody listens.
    """

    name: str
    command: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_seconds: float = 10.0
    account: Account | None = None
    port_name: str = ""
    listens: str = ""
    noise: tuple[str, ...] = ()


ALL_OF_IT = ("",)
"""As `noise`: nothing of its output goes to the console (whoever runs it shows the end of its log if it fails)."""


def spawn(
    process: Process, output: int, more_env: Mapping[str, str] | None = None, pass_fds: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    """Start it with stdout and stderr on the file descriptor `output`. Raises Problem when it cannot be started.

    `pass_fds` stay open in it, under the same numbers; `more_env` tells it of them.

    Call it from a thread that lives as long as the stack (the main one): Linux delivers the parent's death when the
    thread that forked ends.
    """
    account = process.account
    try:
        return subprocess.Popen(
            process.command,
            cwd=process.cwd,
            env={**process.env, **(more_env or {})},
            pass_fds=pass_fds,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_die_with_parent(process.stop_signal),  # noqa: PLW1509 — the supervisor has one thread
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Problem(f"{process.name} could not be started: {error}") from error


def adopt_orphans() -> None:
    """Make this process the parent of every orphan among its descendants, so that none can escape a stop (Linux)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _die_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """What the child does before it becomes the program; after the change of user, which would undo it.

    The signal is the one for an orderly stop: it lets gunicorn, nginx and PostgreSQL end their own children.
    """
    if _libc is None:
        return None
    prctl, parent = _libc.prctl, os.getpid()

    def ask_for_the_signal() -> None:
        prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the request was in place
            os._exit(1)

    return ask_for_the_signal
