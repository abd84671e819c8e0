"""Starts processes, reads their output, restarts what dies, and stops all of them so that none is left.

One thread: everything happens in `pump`, which the owner calls in a loop.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from habrio_local.console import Console
from habrio_local.door import Door
from habrio_local.logfile import LogFile
from habrio_local.process import Process, adopt_orphans, spawn

BACKOFF_FIRST_SECONDS = 0.2
BACKOFF_MAX_SECONDS = 2.0
STEADY_SECONDS = 30.0
"""A process that lived this long starts again without delay, its earlier deaths forgotten."""
KILL_WAIT_SECONDS = 5.0
LINE_MAX_BYTES = 64 * 1024


@dataclass
class Child:
    """A process that is to run; `popen` is None while it is down, `held` while somebody wants it down.

    While one follows another, `leaving` is the old one: it goes when the new one has said that it answers.
    """

    process: Process
    popen: subprocess.Popen[bytes] | None = None
    door: Door | None = None
    leaving: subprocess.Popen[bytes] | None = None
    leave_by: float = 0.0
    held: bool = False
    once: bool = False
    deaths: int = 0
    restarts: int = 0
    started_at: float = 0.0
    restart_at: float = 0.0
    exit_code: int | None = None


@dataclass
class _Output:
    name: str
    noise: tuple[str, ...]
    log: LogFile
    rest: bytes = field(default=b"")


class Supervisor:
    def __init__(self, logs: Path, console: Console, on_change: Callable[[], None] = lambda: None) -> None:
        self.children: dict[str, Child] = {}
        self._logs = logs
        self._log_files: dict[str, LogFile] = {}
        self._console = console
        self._on_change = on_change
        self._selector = selectors.DefaultSelector()
        adopt_orphans()

    def start(self, processes: Iterable[Process]) -> None:
        """Start each and keep it running."""
        for process in processes:
            child = self.children[process.name] = Child(process)
            self._spawn(child)

    def run_once(self, process: Process, should_stop: Callable[[], bool]) -> int:
        """Run a process to its end, watching the others meanwhile; its exit code, -SIGTERM if `should_stop` said so."""
        child = self.children[process.name] = Child(process, once=True)
        self._spawn(child)
        while child.exit_code is None and not should_stop():
            self.pump(0.1)
        self.stop([process.name])
        del self.children[process.name]
        self._on_change()
        return -signal.SIGTERM if child.exit_code is None else child.exit_code

    def hold(self, name: str) -> None:
        """Stop one process and leave it down until `release`."""
        self.children[name].held = True
        self.stop([name])

    def release(self, name: str) -> None:
        """Start a held process again."""
        child = self.children[name]
        if child.popen is None:
            child.held, child.deaths = False, 0
            self._spawn(child)

    def replace(self, name: str) -> None:
        """Start it anew. One that listens is there twice for a while, so that no request finds nobody; if the new one
        does not come up, the old one stays."""
        child = self.children[name]
        if child.popen is None or child.door is None or child.leaving is not None:
            self.hold(name)
            self.release(name)
            return
        child.leaving, child.leave_by, child.popen = child.popen, 0.0, None
        self._spawn(child)

    def pump(self, timeout_seconds: float) -> None:
        """Pass output on, notice deaths, start what is due; returns after `timeout_seconds` at the latest."""
        self._read(timeout_seconds)
        self._reap_adopted()
        for child in list(self.children.values()):
            if child.leaving is not None:
                self._see_off(child, child.leaving)
            elif child.popen is not None and child.popen.poll() is not None:
                self._bury(child)
            elif child.popen is None and not child.held and not child.once and time.monotonic() >= child.restart_at:
                child.restarts += 1
                self._spawn(child)

    def stop(self, names: Iterable[str], is_urgent: Callable[[], bool] = lambda: False) -> None:
        """Ask each to stop in the way it likes best; kill what has not gone when its time is over, or it is urgent."""
        alive = {name: self.children[name] for name in names if self.children[name].popen is not None}
        for child in alive.values():
            child.held = True
            if child.leaving is not None:
                _kill_family(child.leaving.pid)
                child.leaving = None
            _signal(child.popen, child.process.stop_signal)
        asked_at = time.monotonic()
        while alive:
            self._read(0.05)
            for name, child in list(alive.items()):
                if child.popen is None:
                    del alive[name]
                elif child.popen.poll() is not None:
                    self._bury(child)
                elif is_urgent():
                    _kill_family(child.popen.pid)
                elif time.monotonic() - asked_at > child.process.stop_timeout_seconds:
                    self._console.warn(f"{name} did not stop in {child.process.stop_timeout_seconds:g} s and is killed")
                    _kill_family(child.popen.pid)
        self._read(0)

    def kill_all(self) -> None:
        """The end of patience: kill every descendant, adopted orphans included, and wait for them."""
        family = psutil.Process().children(recursive=True)
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(family, timeout=KILL_WAIT_SECONDS)
        for child in self.children.values():
            if child.popen is not None and child.popen.poll() is not None:
                self._bury(child)

    def close(self) -> None:
        """After the last stop: nothing of ours may be left, whatever it called itself or whomever it ran as."""
        self.kill_all()
        self._read(0)
        for log in self._log_files.values():
            log.close()
        self._selector.close()

    def report(self) -> dict[str, dict[str, Any]]:
        """What runs, for the state file: pid, since when, how often it was restarted."""
        return {
            name: {
                "pid": child.popen.pid if child.popen else None,
                "created": _created(child.popen.pid) if child.popen else None,
                "held": child.held,
                "leaving": child.leaving is not None,
                "restarts": child.restarts,
            }
            for name, child in self.children.items()
        }

    def _spawn(self, child: Child) -> None:
        process = child.process
        if process.listens and child.door is None:
            try:
                child.door = Door.at(process.listens)
            except OSError:  # held by what is being killed
                child.restart_at = time.monotonic() + BACKOFF_FIRST_SECONDS
                return
        reader, writer = os.pipe()
        try:
            if child.door is None:
                child.popen = spawn(process, writer)
            else:
                child.popen = child.door.spawn(process, writer)
        finally:
            os.close(writer)
            if child.popen is None:
                os.close(reader)
        os.set_blocking(reader, False)
        log = self._log_files.setdefault(process.name, LogFile(self._logs / f"{process.name}.log"))
        self._selector.register(reader, selectors.EVENT_READ, _Output(process.name, process.noise, log))
        child.started_at = time.monotonic()
        child.exit_code = None
        self._on_change()

    def _bury(self, child: Child) -> None:
        """Take note of a death, end what the dead one left of its group, and decide when it starts again."""
        assert child.popen is not None  # noqa: S101 — for mypy; the callers have looked
        child.exit_code = child.popen.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.popen.pid, signal.SIGKILL)
        child.popen = None
        if child.door is not None:
            child.door.close()
            child.door = None
        if not child.held and not child.once:
            child.deaths = 1 if time.monotonic() - child.started_at > STEADY_SECONDS else child.deaths + 1
            delay = min(BACKOFF_FIRST_SECONDS * 2.0 ** (child.deaths - 1), BACKOFF_MAX_SECONDS)
            child.restart_at = time.monotonic() + delay
            self._console.warn(
                f"{child.process.name} ended ({_how(child.exit_code)}); it starts again in {delay:.1f} s"
            )
        self._on_change()

    def _see_off(self, child: Child, leaving: subprocess.Popen[bytes]) -> None:
        """One step of following: wait for the new one to answer, ask the old one to leave, see that it does."""
        assert child.popen is not None  # noqa: S101 — for mypy; a successor is there from the first
        assert child.door is not None  # noqa: S101 — for mypy too; only who listens is followed
        if not child.leave_by and child.popen.poll() is not None:
            self._console.warn(f"the new {child.process.name} did not come up; the old one stays")
            child.popen, child.leaving = leaving, None
        elif not child.leave_by and child.door.is_answered():
            _signal(leaving, child.process.stop_signal)
            child.leave_by = time.monotonic() + child.process.stop_timeout_seconds
        elif leaving.poll() is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(leaving.pid, signal.SIGKILL)
            child.leaving = None
        elif child.leave_by and time.monotonic() > child.leave_by:
            _kill_family(leaving.pid)
            return
        else:
            return
        self._on_change()

    def _reap_adopted(self) -> None:
        """Orphans whose parent we became leave a zombie when they end; our own children are buried elsewhere."""
        with contextlib.suppress(ChildProcessError):
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is not None and all(
                ended.si_pid not in [popen.pid for popen in (c.popen, c.leaving) if popen is not None]
                for c in self.children.values()
            ):
                os.waitpid(ended.si_pid, os.WNOHANG)

    def _read(self, timeout_seconds: float) -> None:
        if not self._selector.get_map():
            time.sleep(timeout_seconds)
            return
        for key, _events in self._selector.select(timeout_seconds):
            output: _Output = key.data
            data = os.read(key.fd, LINE_MAX_BYTES)
            if not data:
                self._selector.unregister(key.fd)
                os.close(key.fd)
            *lines, output.rest = (output.rest + data).split(b"\n")
            if output.rest and (not data or len(output.rest) > LINE_MAX_BYTES):
                lines, output.rest = [*lines, output.rest], b""
            for line in lines:
                output.log.write(line + b"\n")
                self._console.line_if_it_matters(output.name, line.decode(errors="replace"), output.noise)


def _signal(popen: subprocess.Popen[bytes] | None, number: signal.Signals) -> None:
    if popen is not None:
        with contextlib.suppress(ProcessLookupError):
            popen.send_signal(number)


def _kill_family(pid: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for member in [*parent.children(recursive=True), parent]:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()


def _created(pid: int) -> float | None:
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def _how(exit_code: int) -> str:
    return f"signal {signal.Signals(-exit_code).name}" if exit_code < 0 else f"exit code {exit_code}"
