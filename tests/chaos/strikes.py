"""What the nemesis can do to a stack; each strike ends with the part back, or says that it never came.

Only processes of the given stack are struck: the main ones by its state file, others as their children.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import psycopg
import redis
import requests

from habrio_local import secrets, valkey
from tests.chaos.wire import Wire
from tests.support.stack import Stack

BACK_SECONDS = 45.0
"""A part that is not back by then never will be."""
POLL_SECONDS = 0.02
APPLICATIONS = ("consumer", "vendor", "vendor", "consumer", "auth", "gateway", "admin")
"""Where most happens is struck most."""
READY = " ready."
"""Celery's last word at its start; the relay begins with it."""
WORKERS = ("consumer-worker", "vendor-worker", "auth-worker", "admin-worker")


class NeverBack(Exception):
    """A part did not come back."""


@dataclass(frozen=True)
class Blow:
    """One strike. `killed` says whether a process was killed; `back_seconds` how long it took until a part worked."""

    kind: str
    target: str
    at: float
    back_seconds: float
    killed: bool = True

    @property
    def ended_at(self) -> float:
        return self.at + self.back_seconds


class Strikes:
    """Everything that can be done to one stack, with `rng` to choose where."""

    def __init__(self, stack: Stack, rng: random.Random, wires: list[Wire]) -> None:
        self._stack = stack
        self._rng = rng
        self._wires = wires
        self._http = requests.Session()
        self._http.trust_env = False

    def kill_worker(self) -> Blow:
        """kill -9 of one gunicorn worker; back when its master has another one."""
        name = self._rng.choice(APPLICATIONS)
        master = psutil.Process(self._stack.pids()[name])
        workers = {child.pid for child in master.children()}
        victim = self._rng.choice(sorted(workers))
        at = time.time()
        os.kill(victim, signal.SIGKILL)
        return self._back("kill-worker", name, at, lambda: self._has_new_child(master, workers))

    def kill_master(self) -> Blow:
        """kill -9 of a gunicorn master; back when the application answers."""
        name = self._rng.choice(APPLICATIONS)
        return self._kill_main("kill-master", name, lambda: self._answers(self._stack.service_url(name)))

    def kill_celery(self) -> Blow:
        """kill -9 of a Celery worker, with the outbox relay in it; back when another one says that it is ready."""
        name = self._rng.choice(WORKERS)
        before = self._stack.log(name).count(READY)
        return self._kill_main("kill-celery", name, lambda: self._stack.log(name).count(READY) > before)

    def kill_nginx(self) -> Blow:
        return self._kill_main("kill-nginx", "nginx", lambda: self._answers(self._stack.url))

    def kill_nginx_worker(self) -> Blow:
        master = psutil.Process(self._stack.pids()["nginx"])
        workers = {child.pid for child in master.children()}
        at = time.time()
        os.kill(self._rng.choice(sorted(workers)), signal.SIGKILL)
        return self._back("kill-nginx-worker", "nginx", at, lambda: self._has_new_child(master, workers))

    def pause(self) -> Blow:
        """SIGSTOP for 1 to 5 s, of any part or of one of its workers."""
        name = self._rng.choice((*APPLICATIONS, *WORKERS, "nginx", "valkey"))
        pid = self._stack.pids()[name]
        children = sorted(child.pid for child in psutil.Process(pid).children())
        victim = self._rng.choice(children or [pid])
        at, seconds = time.time(), self._rng.uniform(1, 5)
        os.kill(victim, signal.SIGSTOP)
        try:
            time.sleep(seconds)  # that is the strike
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGCONT)
        return Blow("pause", name, at, seconds, killed=False)

    def kill_valkey(self) -> Blow:
        return self._kill_main("kill-valkey", "valkey", self._valkey_answers)

    def empty_valkey(self) -> Blow:
        """FLUSHALL: queues, nudges and counts are gone."""
        at = time.time()
        with contextlib.closing(self._valkey()) as client:
            client.flushall()
        return Blow("empty-valkey", "valkey", at, time.time() - at, killed=False)

    def restart_postgres(self) -> Blow:
        """SIGINT: an orderly end that cuts all connections."""
        return self._end_postgres("restart-postgres", signal.SIGINT)

    def quit_postgres(self) -> Blow:
        """SIGQUIT: it stops in the middle of everything and recovers at its start."""
        return self._end_postgres("quit-postgres", signal.SIGQUIT)

    def kill_postmaster(self) -> Blow:
        return self._end_postgres("kill-postmaster", signal.SIGKILL)

    def kill_backend(self) -> Blow:
        """kill -9 of one backend: PostgreSQL ends all others and recovers."""
        postmaster = psutil.Process(self._stack.pids()["postgres"])
        backends = [child.pid for child in postmaster.children() if "habrio" in " ".join(_words(child))]
        if not backends:
            raise ProcessLookupError
        at = time.time()
        os.kill(self._rng.choice(sorted(backends)), signal.SIGKILL)
        return self._back("kill-backend", "postgres", at, self._postgres_answers)

    def lose_replies(self) -> Blow:
        """For 2 s no service hears what another has answered: everything told is told again."""
        return self._on_wires("lose-replies", "loses_replies", 2.0)

    def lose_orders(self) -> Blow:
        """For 5 s no new order reaches the vendor service, and everything else does."""
        return self._on_wires("lose-orders", "loses_orders", 5.0)

    def _on_wires(self, kind: str, fault: str, seconds: float) -> Blow:
        at = time.time()
        for wire in self._wires:
            setattr(wire, fault, True)
        try:
            time.sleep(seconds)  # that is the strike
        finally:
            for wire in self._wires:
                setattr(wire, fault, False)
        return Blow(kind, "wire", at, seconds, killed=False)

    def _end_postgres(self, kind: str, number: signal.Signals) -> Blow:
        postmaster = psutil.Process(self._stack.pids()["postgres"])
        at = time.time()
        postmaster.send_signal(number)
        gone = (None, postmaster.pid)
        return self._back(
            kind, "postgres", at, lambda: self._stack.pids().get("postgres") not in gone and self._postgres_answers()
        )

    def _kill_main(self, kind: str, name: str, is_back: Callable[[], bool]) -> Blow:
        victim = psutil.Process(self._stack.pids()[name])
        at = time.time()
        victim.kill()
        gone = (None, victim.pid)
        return self._back(kind, name, at, lambda: self._stack.pids().get(name) not in gone and is_back())

    def _back(self, kind: str, name: str, at: float, is_back: Callable[[], bool]) -> Blow:
        while not is_back():
            if time.time() - at > BACK_SECONDS:
                raise NeverBack(f"{name} was not back {BACK_SECONDS:g} s after {kind}")
            time.sleep(POLL_SECONDS)  # the event is in another process
        return Blow(kind, name, at, time.time() - at)

    def _has_new_child(self, master: psutil.Process, before: set[int]) -> bool:
        return master.is_running() and any(child.pid not in before for child in master.children())

    def _answers(self, url: str) -> bool:
        try:
            return self._http.get(f"{url}/health", timeout=1).status_code == 200
        except requests.RequestException:
            return False

    def _postgres_answers(self) -> bool:
        try:
            psycopg.connect(self._stack.admin_dsn, connect_timeout=1).close()
            return True
        except psycopg.Error:
            return False

    def _valkey_answers(self) -> bool:
        try:
            with contextlib.closing(self._valkey()) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _valkey(self) -> redis.Redis:
        kept = secrets.load_or_make(self._stack.home.secrets_file, {})
        return redis.Redis.from_url(valkey.url(self._stack.ports["valkey"], kept["REDIS_PASSWORD"]), socket_timeout=1)


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.NoSuchProcess:
        return []
