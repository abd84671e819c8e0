"""One running stack: prepares the parts, starts them in order, watches them, and stops them in the opposite order."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from types import FrameType
from typing import IO, Any

from habrio_local import databases, environment, nginx, plan, ports, postgres, readiness, secrets, valkey
from habrio_local.console import Console
from habrio_local.control import Control
from habrio_local.databases import Databases
from habrio_local.environment import Surroundings
from habrio_local.home import CHECKOUT, Home
from habrio_local.leftovers import end_leftovers
from habrio_local.logfile import last_lines
from habrio_local.options import Options
from habrio_local.problem import Problem
from habrio_local.process import ALL_OF_IT, Process
from habrio_local.supervisor import Supervisor

READY_SECONDS = 120.0
DEATHS_MAX_AT_START = 4
"""A process that ended so often before the platform was ready will not come up by waiting."""
SERVERS = ("postgres", "valkey")


class Stopped(Exception):
    """Somebody asked us to stop while we were starting."""


class Platform:
    """The caller holds the home's lock. `surroundings` is there after `prepare`."""

    def __init__(self, home: Home, options: Options, console: Console) -> None:
        self.home = home
        self.options = options
        self.console = console
        self.phase = "starting"
        self.surroundings: Surroundings | None = None
        self._stop_signals = 0
        self._ports = ports.Ports()
        self._supervisor = Supervisor(home.logs, console, on_change=self.write_state)
        self._control = Control(home.control_file)

    # ---- starting

    def start(self, *, only_servers: bool = False) -> None:
        """Bring everything up and wait until it is ready. Raises Problem, or Stopped."""
        self._catch_signals()
        if ended := end_leftovers(self.home):
            self.console.say(f"Ended {ended} processes that an earlier run had left behind.")
        running = plan.services_here(self.options.environ)
        self._ports = ports.choose(
            self._port_names(running),
            bind=self.options.bind,
            explicit_port=self.options.port,
            free_ports=self.options.free_ports,
        )
        if self._ports.moved:
            self.console.warn(f"Ports that are taken were replaced by free ones: {', '.join(self._ports.moved)}")
        self.console.say("Starting the servers and preparing the databases")
        kept = secrets.load_or_make(self.home.secrets_file, self.options.environ)
        self._start_servers(kept)
        self.surroundings = Surroundings(
            home=self.home,
            options=self.options,
            ports=self._ports,
            secrets=kept,
            databases=self._databases(kept),
            redis_url=self.options.redis_url or valkey.url(self._ports["valkey"], kept["REDIS_PASSWORD"]),
            running=running,
        )
        self.migrate()
        if not only_servers:
            self.console.say(f"Starting the gateway and the services {', '.join(running)}")
            self._start_all([*plan.applications(self.surroundings), nginx.process(self.surroundings)])
            self._wait_until_ready()

    def migrate(self) -> None:
        """Bring all databases to the newest revision and make the administrator, in one process. Raises Problem."""
        if self._run_once(plan.migration(self.around)) != 0:
            raise self._problem_of("migrate", "The databases could not be prepared.")

    def seed_demo(self) -> None:
        """Make the demo society through the public API; does nothing when it is there. Raises Problem."""
        env = environment.base(self.home, self.options.environ)
        command = (sys.executable, "-m", "habrio_local.demo", self.url)
        if self._run_once(Process("demo", command, CHECKOUT, env, noise=ALL_OF_IT)) != 0:
            raise self._problem_of("demo", "The demo society could not be made.")

    def _start_servers(self, kept: Mapping[str, str]) -> None:
        env = environment.base(self.home, self.options.environ)
        servers: list[Process] = []
        if self.options.database == "own":
            server = postgres.prepare(self.home, kept["POSTGRES_PASSWORD"])
            servers.append(postgres.process(server, self._ports["postgres"], env))
        if not self.options.redis_url:
            servers.append(valkey.process(self.home, self._ports["valkey"], kept["REDIS_PASSWORD"], env))
        self._start_all(servers)

    def _databases(self, kept: Mapping[str, str]) -> Databases:
        """Roles and schemas, made where needed. Our own server may still be starting: this waits for it."""
        if self.options.database == "sqlite":
            return databases.sqlite(self.options.database_url)
        if self.options.database == "postgresql":
            found = databases.on_given_server(self.options.database_url)
            if found.warning:
                self.console.warn(found.warning)
            return found
        password = kept["POSTGRES_PASSWORD"]
        port = self._ports["postgres"]
        url = postgres.admin_url(port, password, postgres.DATABASE)
        try:
            databases.make_database(postgres.admin_url(port, password), postgres.DATABASE)
            databases.make_roles(url, password, exclusive=True)
        except Problem as error:
            raise self._problem_of("postgres", str(error)) from error
        return databases.for_roles(url, password)

    def _start_all(self, processes: list[Process]) -> None:
        for process in processes:
            if process.port_name:
                self._ports.release(process.port_name)
        self._supervisor.start(processes)

    def announce_ready(self) -> None:
        """From now on `status` and `start` may say that it is ready."""
        self.phase = "ready"
        self.write_state()

    def _run_once(self, process: Process) -> int:
        code = self._supervisor.run_once(process, self._should_stop)
        self._raise_if_stopped()
        return code

    def _wait_until_ready(self) -> None:
        around = self.around
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.options.bind, self.options.bind)  # noqa: S104 — compared, not bound
        deadline = time.monotonic() + READY_SECONDS
        asked_at = 0.0
        while True:
            self._supervisor.pump(0.1)
            self._raise_if_stopped()
            for name, child in self._supervisor.children.items():
                if child.deaths >= DEATHS_MAX_AT_START:
                    raise self._problem_of(name, f"{name} does not stay up.")
            if time.monotonic() - asked_at < 0.3:
                continue
            asked_at = time.monotonic()
            found = readiness.listening({name: self._ports[name] for name in ("gateway", *around.running)})
            if found.is_ready:
                self._start_workers()
                found = readiness.ask(host, self._ports["nginx"], around.running)
            if found.is_ready:
                return
            if time.monotonic() > deadline:
                raise self._problem_of(
                    found.missing[0], f"The platform is not ready after {READY_SECONDS:g} s: {found.reason}."
                )

    def _start_workers(self) -> None:
        """They begin when the services listen: started together, all would be slower to come up."""
        workers = plan.workers(self.around)
        self._start_all([worker for worker in workers if worker.name not in self._supervisor.children])

    # ---- running and stopping

    def watch(self) -> None:
        """Keep everything running until a signal asks to stop."""
        while not self._stop_signals:
            self._supervisor.pump(0.25)
            for verb, name in self._control.commands():
                self._obey(verb, name)

    def stop(self) -> None:
        """Stop all: first what takes requests, last what keeps data. A second signal kills at once."""
        if self.phase == "ready":
            self.console.say("\nStopping")
        self.phase = "stopping"
        self.write_state()
        names = list(self._supervisor.children)
        for group in (
            [name for name in names if name == "nginx"],
            [name for name in names if name not in ("nginx", *SERVERS)],
            [name for name in names if name in SERVERS],
        ):
            self._supervisor.stop(group, is_urgent=self._is_urgent)
        self._supervisor.close()
        self._ports.release_all()
        self._control.close()
        self.home.state_file.unlink(missing_ok=True)

    def write_state(self) -> None:
        """Tell `status`, `logs` and tests what runs where. No secrets in it."""
        self.home.write_state(
            {
                "pid": os.getpid(),
                "phase": self.phase,
                "app_env": self.options.app_env,
                "url": self.url if "nginx" in self._ports.by_name else "",
                "ports": self._ports.by_name,
                "processes": self._supervisor.report(),
            }
        )

    @property
    def url(self) -> str:
        return f"http://{self.options.door_host}:{self._ports['nginx']}"

    def _obey(self, verb: str, name: str) -> None:
        if name not in self._supervisor.children:
            return
        verbs = {"stop": self._supervisor.hold, "start": self._supervisor.release, "restart": self._supervisor.replace}
        verbs[verb](name)

    def _port_names(self, running: tuple[str, ...]) -> list[str]:
        wanted = {
            "postgres": self.options.database == "own",
            "valkey": not self.options.redis_url,
            **dict.fromkeys(("agent", "agent-worker"), "agent" in running),
        }
        return [name for name in ports.DEFAULT_PORTS if wanted.get(name, True)]

    @property
    def around(self) -> Surroundings:
        if self.surroundings is None:
            raise RuntimeError("the platform has not been started")
        return self.surroundings

    def _problem_of(self, name: str, sentence: str) -> Problem:
        path = self.home.logs / f"{name}.log"
        tail = "\n".join(f"    {line}" for line in last_lines(path, 8))
        return Problem(f"{sentence}\n  The last lines of {path}:\n{tail or '    (nothing)'}")

    def _catch_signals(self) -> None:
        def note(_number: int, _frame: FrameType | None) -> None:
            self._stop_signals += 1

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, note)

    def _should_stop(self) -> bool:
        return self._stop_signals > 0

    def _is_urgent(self) -> bool:
        return self._stop_signals > 1

    def _raise_if_stopped(self) -> None:
        if self._stop_signals:
            raise Stopped


def held(home: Home) -> IO[str]:
    """The home, made and locked. Raises Problem when a stack runs in it already."""
    home.make()
    lock = home.lock()
    if lock is None:
        state = home.read_state()
        where = f" at {state['url']}" if state.get("url") else ""
        raise Problem(
            f"A stack runs here already{where} (process {home.holder_pid()}, {state.get('phase', 'starting')})."
            f" `make status` shows it, `make stop` ends it; HABRIO_HOME=… starts another one beside it."
        )
    return lock


def run(
    home: Home, options: Options, console: Console, *, work: Callable[[Platform], Any], only_servers: bool = False
) -> int:
    """Start, do `work`, stop. 0 after an orderly end, 1 after a Problem (told to the person)."""
    with held(home):
        platform = Platform(home, options, console)
        try:
            platform.start(only_servers=only_servers)
            work(platform)
        except Stopped:
            pass
        except Problem as problem:
            console.problem(str(problem))
            return 1
        finally:
            platform.stop()
    return 0
