"""The commands behind `make run`, `start`, `stop`, `status`, `logs`, `clean`, `migrate`, `worker`, and of `habrio`."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from secrets import token_hex

from dotenv import load_dotenv

from habrio_local import (
    backup,
    banner,
    control,
    databases,
    environment,
    ledger,
    monitor,
    plan,
    platform,
    postgres,
    readiness,
    secrets,
    tail,
    valkey,
)
from habrio_local.console import Console
from habrio_local.environment import Surroundings
from habrio_local.home import CHECKOUT, Home
from habrio_local.leftovers import end_leftovers
from habrio_local.logfile import LogFile, LogStream
from habrio_local.options import Options
from habrio_local.platform import Platform
from habrio_local.ports import DEFAULT_PORTS, Ports
from habrio_local.problem import Problem
from habrio_local.secrets import SECRET_BYTES

SUPERVISOR_LOG = "supervisor.log"
STOP_WAIT_SECONDS = 75.0
NOT_RUNNING = 3
"""Exit status of `status` and `stop` when there is nothing to speak of, as init scripts have it."""


def main(arguments: Sequence[str]) -> int:
    """The exit status; a Problem is told without a traceback."""
    load_dotenv(CHECKOUT / ".env")
    given = _parser().parse_args(arguments)
    console = Console()
    command: Callable[[argparse.Namespace, Home, Console], int] = given.command
    try:
        return command(given, Home.from_environ(os.environ), console)
    except Problem as problem:
        Console(sys.stderr).problem(str(problem))
        return 1
    except PermissionError as error:
        Console(sys.stderr).problem(
            f"{error.filename} belongs to another user. Run as that user, or set HABRIO_HOME to a folder of your own."
        )
        return 1
    except KeyboardInterrupt:
        return 130


def script() -> int:
    """`habrio <command>`, the same as `python -m habrio_local <command>`."""
    return main(sys.argv[1:])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="habrio_local", description="The local platform.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for function, name, about in (
        (run, "run", "start everything and stay; Ctrl-C stops it"),
        (start, "start", "start everything in the background"),
        (stop, "stop", "stop what runs in the background or in another terminal"),
        (status, "status", "what runs, and whether it is ready"),
        (logs, "logs", "follow all logs"),
        (clean, "clean", "forget all data"),
        (migrate, "migrate", "bring the databases to the newest revision"),
        (worker, "worker", "one more Celery worker for a service of the running stack"),
        (env, "env", "shell lines that give a service's environment in the running stack"),
        (offline, "offline", "run Python in a service's folder with settings that are whole but lead nowhere"),
        (part, "part", "stop, start or restart one part of the running stack"),
        (watch, "monitor", "Prometheus and Alertmanager beside the running stack, until Ctrl-C"),
        (save, "backup", "save the running stack's data in a new folder"),
        (put_back, "restore", "make a new stack's data from such a folder"),
        (prove, "ledger", "prove the ledgers of the running stack, or of DATABASE_URL"),
    ):
        command = commands.add_parser(name, help=about)
        command.set_defaults(command=function)
        _add_arguments(command, name)
    return parser


def _add_arguments(command: argparse.ArgumentParser, name: str) -> None:
    if name in ("run", "start", "monitor"):
        command.add_argument("--free-ports", action="store_true", help="any free ports instead of the usual ones")
    if name in ("run", "start"):
        command.add_argument("--detached", action="store_true", help=argparse.SUPPRESS)
    if name in ("worker", "env", "offline"):
        command.add_argument("service", choices=databases.SERVICES)
    if name == "offline":
        command.add_argument("arguments", nargs=argparse.REMAINDER, help="of Python, for example -m flask routes")
    if name == "monitor":
        command.add_argument("--configuration", type=Path, default=monitor.CONFIGURATION, help=argparse.SUPPRESS)
    if name in ("backup", "restore"):
        command.add_argument("folder", type=Path)
    if name == "ledger":
        command.add_argument("verb", choices=("verify",))
    if name == "part":
        command.add_argument("verb", choices=control.VERBS)
        command.add_argument("name")
    if name == "logs":
        command.add_argument("--no-follow", action="store_true", help="print what is there and end")


def run(given: argparse.Namespace, home: Home, _console: Console) -> int:
    began_at = time.monotonic()
    if given.detached:
        console = Console(LogStream(LogFile(home.logs / SUPERVISOR_LOG)))
    else:
        console = Console(shows_requests=True)
    options = Options.read(os.environ, free_ports=given.free_ports)

    def work(running: Platform) -> None:
        if options.has_demo:
            console.say("Looking after the demo society")
            running.seed_demo()
        running.announce_ready()
        banner.show(console, running.url, options, time.monotonic() - began_at, detached=given.detached)
        running.watch()

    return platform.run(home, options, console, work=work)


def start(given: argparse.Namespace, home: Home, _console: Console) -> int:
    """Runs `run` in a session of its own and passes on what it says until it is ready."""
    home.make()
    if home.holder_pid() is not None:
        raise Problem(f"A stack runs here already at {home.read_state().get('url') or '…'}. `make status` shows it.")
    said = home.logs / SUPERVISOR_LOG
    with said.open("ab") as errors:
        before = errors.tell()
        command = [sys.executable, "-m", "habrio_local", "run", "--detached"]
        command += ["--free-ports"] if given.free_ports else []
        child = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
            env={**os.environ, "HABRIO_HOME": str(home.root)},
        )
    with said.open("rb") as reader:
        reader.seek(before)
        while True:
            ended = child.poll()
            ready = home.read_state().get("phase") == "ready" and home.read_state().get("pid") == child.pid
            time.sleep(0.1)
            sys.stdout.write(reader.read().decode(errors="replace"))
            sys.stdout.flush()
            if ended is not None or ready:
                return ended or 0


def stop(_given: argparse.Namespace, home: Home, console: Console) -> int:
    pid = home.holder_pid()
    if pid is None:
        console.say("Nothing runs here.")
        return 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_WAIT_SECONDS
    while home.holder_pid() is not None:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            end_leftovers(home)
            raise Problem(f"It did not stop in {STOP_WAIT_SECONDS:g} s and was killed; see {home.logs}.")
        time.sleep(0.1)
    console.say("Stopped. The data stays; `make start` or `make run` goes on with it.")
    return 0


def status(_given: argparse.Namespace, home: Home, console: Console) -> int:
    pid = home.holder_pid()
    if pid is None:
        console.say(f"Nothing runs in {home.root}.")
        return NOT_RUNNING
    state = home.read_state()
    console.say(
        f"{state.get('url') or '(no address yet)'}   {state.get('phase', 'starting')}   process {pid}   {home.root}"
    )
    for name, entry in state.get("processes", {}).items():
        port = state["ports"].get(name, "")
        what = f"pid {entry['pid']}" if entry["pid"] else "stopped" if entry["held"] else "down, starts again"
        again = f"   {entry['restarts']} restarts" if entry["restarts"] else ""
        console.say(f"  {name:<16}{what:<20}{f'port {port}' if port else '':<12}{again}")
    if state.get("phase") != "ready":
        return 1
    host, _, port = state["url"].removeprefix("http://").rpartition(":")
    found = readiness.ask(host.strip("[]"), int(port), tuple(s for s in databases.SERVICES if s in state["processes"]))
    console.say("Ready." if found.is_ready else f"Not ready: {found.reason}")
    return 0 if found.is_ready else 1


def logs(given: argparse.Namespace, home: Home, console: Console) -> int:
    if not home.logs.is_dir():
        raise Problem(f"There are no logs in {home.root} yet; `make run` begins them.")
    tail.follow(home.logs, console, forever=not given.no_follow)
    return 0


def clean(_given: argparse.Namespace, home: Home, console: Console) -> int:
    if not home.is_made:
        console.say(f"There is nothing in {home.root}.")
        return 0
    lock = home.lock()
    if lock is None:
        raise Problem("A stack runs here: `make stop` first.")
    with lock:
        end_leftovers(home)
        for place in (home.root, home.private_place):
            if (place / "postgres").is_dir():
                postgres.end_leftover(place / "postgres")
        for place in (home.private_place, home.root):
            if place.exists():
                shutil.rmtree(place)
    console.say(f"Forgot everything in {home.root}.")
    return 0


def migrate(_given: argparse.Namespace, home: Home, console: Console) -> int:
    """In the running stack, or with the database server started for it alone."""
    if home.holder_pid() is not None:
        process = plan.migration(_around_running(home))
        return subprocess.run(process.command, cwd=process.cwd, env=dict(process.env), check=False).returncode
    options = Options.read(os.environ)
    code = platform.run(home, options, console, work=lambda _platform: None, only_servers=True)
    if code == 0:
        console.say("The databases are at the newest revision.")
    return code


def worker(given: argparse.Namespace, home: Home, _console: Console) -> int:
    """Becomes the worker: Ctrl-C and its output are Celery's own."""
    around = _around_running(home)
    process = plan.worker(around, given.service, name=f"{given.service}-extra-{os.getpid()}")
    os.chdir(process.cwd)
    os.execve(process.command[0], list(process.command), dict(process.env))  # noqa: S606 — it replaces us on purpose


def env(given: argparse.Namespace, home: Home, console: Console) -> int:
    """For `eval "$(make -s env SERVICE=vendor)"`, then `flask …` in the service's folder."""
    own = environment.of_service(_around_running(home), given.service)
    for name, value in sorted(own.items()):
        if os.environ.get(name) != value and name != environment.STACK_MARKER:
            console.say(f"export {name}={shlex.quote(value)}")
    return 0


def offline(given: argparse.Namespace, home: Home, _console: Console) -> int:
    """For commands that make the application but need no database, such as writing its OpenAPI document."""
    options = Options.read({**os.environ, "DATABASE_URL": "", "APP_ENV": "testing", "OPENAI_API_KEY": "none"})
    around = Surroundings(
        home=home,
        options=options,
        ports=Ports(by_name=dict(DEFAULT_PORTS)),
        secrets={name: token_hex(SECRET_BYTES) for name in secrets.GENERATED},
        databases=databases.for_roles("postgresql://nobody@127.0.0.1:1/habrio", "offline"),
        redis_url="redis://127.0.0.1:1/0",
        running=(given.service,),
    )
    env = environment.of_service(around, given.service)
    command = [sys.executable, *given.arguments]
    return subprocess.run(command, cwd=plan.folder(given.service), env=env, check=False).returncode


def part(given: argparse.Namespace, home: Home, console: Console) -> int:
    known = home.read_state().get("processes", {}) if home.holder_pid() is not None else {}
    if given.name not in known:
        raise Problem(f"{given.name} is no part of a running stack here. Parts: {', '.join(known) or 'none'}.")
    control.send(home.control_file, given.verb, given.name)
    console.say(f"Asked to {given.verb} {given.name}; `make status` shows it.")
    return 0


def watch(given: argparse.Namespace, home: Home, console: Console) -> int:
    return monitor.run(home, console, free_ports=given.free_ports, configuration=given.configuration)


def save(given: argparse.Namespace, home: Home, console: Console) -> int:
    around = _around_running(home)
    if around.options.database != "own":
        raise Problem(backup.NOT_OURS)
    backup.save(around, given.folder.absolute())
    console.say(
        f"{given.folder} has the database, the uploaded files and this stack's secrets: keep it as safe as those."
    )
    return 0


def put_back(given: argparse.Namespace, home: Home, console: Console) -> int:
    """Into a home that has no data yet; the stack can be started afterwards."""
    options = Options.read(os.environ)
    if options.database != "own":
        raise Problem(backup.NOT_OURS)
    folder = given.folder.absolute()
    backup.prepare(home, folder)

    def work(running: Platform) -> None:
        backup.put_back(running.around, folder)
        running.migrate()  # the backup may be of an earlier release

    code = platform.run(home, options, console, work=work, only_servers=True)
    if code == 0:
        console.say("The data is back; `make start` or `make run` goes on with it.")
    return code


def prove(_given: argparse.Namespace, home: Home, console: Console) -> int:
    """On the running stack's databases; without one, on those that DATABASE_URL names."""
    options = Options.read(os.environ)
    if home.holder_pid() is not None:
        around = _around_running(home)
        own = {side: environment.of_service(around, side)[f"{side.upper()}_DATABASE_URL"] for side in ledger.SIDES}
        return ledger.verify(own, console)
    if options.database == "own":
        raise Problem("No stack runs here: `make run` or `make start` first, or name a database in DATABASE_URL.")
    if options.database == "sqlite":
        found = databases.sqlite(options.database_url)
    else:
        found = databases.on_given_server(options.database_url)
    given = {side: options.environ.get(f"{side.upper()}_DATABASE_URL") for side in ledger.SIDES}
    return ledger.verify({side: given[side] or found.urls[side] for side in ledger.SIDES}, console)


def _around_running(home: Home) -> Surroundings:
    """The surroundings of the stack that runs here, put together from what it wrote down. Raises Problem."""
    state = home.read_state()
    if home.holder_pid() is None or (
        "postgres" not in state.get("ports", {}) and "nginx" not in state.get("ports", {})
    ):
        raise Problem("No stack runs here: `make run` or `make start` first.")
    options = Options.read({**os.environ, "APP_ENV": state["app_env"]})
    kept = secrets.load_or_make(home.secrets_file, options.environ)
    ports = Ports(by_name=state["ports"])
    if options.database == "sqlite":
        found = databases.sqlite(options.database_url)
    elif options.database == "postgresql":
        found = databases.on_given_server(options.database_url)
    else:
        url = postgres.admin_url(ports["postgres"], kept["POSTGRES_PASSWORD"], postgres.DATABASE)
        found = databases.for_roles(url, kept["POSTGRES_PASSWORD"])
    return Surroundings(
        home=home,
        options=options,
        ports=ports,
        secrets=kept,
        databases=found,
        redis_url=options.redis_url or valkey.url(ports["valkey"], kept["REDIS_PASSWORD"]),
        running=plan.services_here(options.environ),
    )
