"""The platform for tests: the same parts as `make run`, on free ports, in a temporary folder; or only its servers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import requests

from habrio_local import control, databases, ports, secrets, valkey
from habrio_local import postgres as postgresql
from habrio_local.databases import Databases
from habrio_local.home import CHECKOUT, Home
from habrio_local.process import Process, spawn
from tests.support.model import ModelService
from tests.support.waiting import until

START_SECONDS = 180.0
PERSONAL = (
    *("PORT", "BIND", "DATABASE_URL", "REDIS_URL", "HABRIO_HOME", "ADMIN_PHONE", "WORKERS", "APP_ENV"),
    *("OPENAI_API_KEY", "OPENAI_API_KEY_FILE", "OPENAI_BASE_URL", "OPENAI_MODEL"),
    *("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"),
)
"""What a person sets for his own stack does not reach the tests' one."""

GENEROUS = {
    f"{name}_LIMIT_PER_{whom}": "1000000 per hour"
    for name, whoms in {
        "OTP_SEND": ("PHONE", "IP"),
        "LOGIN": ("PHONE", "IP"),
        "ORDER": ("USER", "IP"),
        "DEFAULT": ("USER", "IP"),
    }.items()
    for whom in whoms
}
"""All tests come from one address, and many from one person; what is about limits sets its own."""


class Stack:
    """A running platform. Parts: postgres valkey nginx gateway auth consumer vendor admin …-worker."""

    def __init__(self, home: Home, environ: Mapping[str, str]) -> None:
        self.home = home
        self._environ = dict(environ)
        self.url: str = self._state()["url"]

    @property
    def ports(self) -> dict[str, int]:
        found: dict[str, int] = self._state()["ports"]
        return found

    def service_url(self, name: str) -> str:
        """Where one service listens by itself, behind the gateway's back."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def pids(self) -> dict[str, int]:
        """The main process of each part that is up, by name."""
        return {name: part["pid"] for name, part in self._state()["processes"].items() if part["pid"]}

    def supervisor_pid(self) -> int:
        return int(self._state()["pid"])

    def kill(self, name: str) -> None:
        """kill -9 of the part's main process; returns when it is dead. The supervisor starts it again."""
        process = psutil.Process(self.pids()[name])
        process.kill()
        process.wait(10)

    def restart(self, name: str) -> None:
        """An orderly restart; returns when the new process is there (it may not be ready yet)."""
        before = self.pids().get(name)
        control.send(self.home.control_file, "restart", name)
        until(lambda: self.pids().get(name, before) != before, seconds=30, what=f"{name} runs again")

    def roll(self, name: str) -> None:
        """Replace the part as a deployment does; returns when the old process is gone."""
        self.restart(name)
        until(lambda: not self._state()["processes"][name]["leaving"], seconds=60, what=f"the old {name} is gone")

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """The part is down during the block; afterwards it is started and the platform ready."""
        control.send(self.home.control_file, "stop", name)
        until(lambda: name not in self.pids(), seconds=30, what=f"{name} stops")
        try:
            yield
        finally:
            control.send(self.home.control_file, "start", name)
            until(lambda: name in self.pids(), seconds=30, what=f"{name} runs again")
            self.wait_until_ready()

    def wait_until_ready(self, seconds: float = 30) -> None:
        """Until every part is up and the gateway's /ready is green."""

        def is_ready() -> bool:
            if len(self.pids()) < len(self._state()["processes"]):
                return False
            try:
                return requests.get(f"{self.url}/ready", timeout=3).status_code == 200
            except requests.RequestException:
                return False

        until(is_ready, seconds=seconds, what="the platform is ready")

    def log(self, name: str) -> str:
        """What a part has said so far."""
        path = self.home.logs / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    @property
    def admin_dsn(self) -> str:
        """The database as its superuser sees it."""
        kept = secrets.load_or_make(self.home.secrets_file, {})
        return postgresql.admin_url(self.ports["postgres"], kept["POSTGRES_PASSWORD"], postgresql.DATABASE)

    def dsn(self, service: str) -> str:
        """The database as a service's own role sees it."""
        kept = secrets.load_or_make(self.home.secrets_file, {})
        return databases.for_roles(self.admin_dsn, kept["POSTGRES_PASSWORD"]).urls[service]

    def database_url(self, service: str) -> str:
        """The same for SQLAlchemy; the service's file on a stack that keeps its data in SQLite."""
        file = self.home.root / f"data-{service}.db"
        if file.exists():
            return f"sqlite:///{file}"
        return self.dsn(service).replace("postgresql://", "postgresql+psycopg://", 1)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`python -m habrio_local …` on this stack's home."""
        return _local(self._environ, *arguments)

    def _state(self) -> dict[str, Any]:
        state = self.home.read_state()
        assert state, f"no stack runs in {self.home.root}"
        return state


def environ_for(folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of a test stack that lives in `folder`."""
    kept = {name: value for name, value in os.environ.items() if name not in PERSONAL}
    own = {"APP_ENV": "testing", "HABRIO_HOME": str(folder), "WORKERS": "2", **GENEROUS}
    if os.environ.get("HABRIO_TEST_DATABASE") == "sqlite":
        own |= {"DATABASE_URL": f"sqlite:///{folder}/data.db", "WORKERS": "1"}
    return {**kept, **own, **given}


@contextmanager
def running_stack(environ: Mapping[str, str] | None = None, *, folder: Path | None = None) -> Iterator[Stack]:
    """A whole platform of its own, gone after the block. `environ` adds to its environment (WORKERS, FAULTS, …).

    `folder` is a new one unless it is given, by whoever must know of the stack while it starts.
    """
    folder = folder or Path(tempfile.mkdtemp(prefix="habrio-test-"))
    own = environ_for(folder, environ or {})
    try:
        started = _local(own, "start", "--free-ports")
        assert started.returncode == 0, f"the stack did not start:\n{started.stdout}\n{started.stderr}"
        yield Stack(Home(folder), own)
    finally:
        stopped = _local(own, "stop")
        cleaned = _local(own, "clean")
        assert stopped.returncode == 0 and cleaned.returncode == 0, stopped.stderr + cleaned.stderr


def local_command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m habrio_local …` on a home where no test stack runs yet."""
    return _local(environ_for(folder, {}), *arguments)


def _local(environ: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "habrio_local", *arguments],
        cwd=CHECKOUT,
        env=dict(environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )


@dataclass
class Servers:
    """A PostgreSQL and, where asked for, a Valkey, without the platform."""

    admin_url: str
    redis_url: str
    secret: str = field(repr=False)
    _made: int = 0

    def fresh_database(self) -> Databases:
        """A new database with the platform's roles and empty schemas."""
        return databases.for_roles(self.fresh_database_url(), self.secret)

    def fresh_database_url(self) -> str:
        """The same as its superuser sees it."""
        self._made += 1
        name = f"test_{self._made}"
        databases.make_database(self.admin_url, name)
        url = self.admin_url.rpartition("/")[0] + f"/{name}"
        databases.make_roles(url, self.secret, exclusive=True)
        return url


@contextmanager
def running_servers(*, with_valkey: bool = True) -> Iterator[Servers]:
    """The servers alone, for tests of one part. Nothing outlives them, so PostgreSQL does not wait for the disk."""
    folder = Path(tempfile.mkdtemp(prefix="habrio-test-"))
    home = Home(folder)
    home.make()
    kept = secrets.load_or_make(home.secrets_file, {})
    chosen = ports.choose(["postgres", "valkey"], bind="127.0.0.1", explicit_port=None, free_ports=True)
    environ = {"PATH": os.environ.get("PATH", "")}
    server = postgresql.prepare(home, kept["POSTGRES_PASSWORD"])
    wanted = [postgresql.process(server, chosen["postgres"], environ, durable=False)]
    if with_valkey:
        wanted.append(valkey.process(home, chosen["valkey"], kept["REDIS_PASSWORD"], environ))
    chosen.release_all()
    running = [_spawned(process, home.logs / f"{process.name}.log") for process in wanted]
    try:
        admin_url = postgresql.admin_url(chosen["postgres"], kept["POSTGRES_PASSWORD"])
        _wait_for(admin_url)
        yield Servers(admin_url, valkey.url(chosen["valkey"], kept["REDIS_PASSWORD"]), kept["POSTGRES_PASSWORD"])
    finally:
        for process, child in zip(wanted, running, strict=True):
            child.send_signal(signal.SIGQUIT if process.name == "postgres" else process.stop_signal)
        for child in running:
            child.wait(30)
        _local(environ_for(folder, {}), "clean")


def _spawned(process: Process, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return spawn(process, output.fileno())


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "PostgreSQL did not start"
            time.sleep(0.05)


@pytest.fixture(scope="session")
def stack(model_service: ModelService) -> Iterator[Stack]:
    """One platform for the whole run, with the agent: its model's service is the tests' own."""
    with running_stack(model_service.environ) as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Servers]:
    """One PostgreSQL and one Valkey for the whole run; `fresh_database()` gives a test its own database."""
    with running_servers() as running:
        yield running
