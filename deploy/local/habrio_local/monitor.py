"""`make monitor`: a Prometheus and an Alertmanager of this machine beside the running stack, until Ctrl-C.

They read the files of `monitoring/` at the repository's root, with the ports that the stack has; what they keep is in
`HABRIO_HOME/monitoring`.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from habrio_local import ports
from habrio_local.console import Console
from habrio_local.home import CHECKOUT, Home
from habrio_local.logfile import last_lines
from habrio_local.ports import DEFAULT_PORTS, Ports
from habrio_local.problem import Problem
from habrio_local.process import Process
from habrio_local.supervisor import Supervisor

CONFIGURATION = CHECKOUT / "monitoring"
PORTS: Mapping[str, int] = {"prometheus": 9090, "alertmanager": 9093}
PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "prometheus": ("prometheus",),
    "alertmanager": ("alertmanager", "prometheus-alertmanager"),  # the latter is Debian's name
}
HOW_TO_INSTALL = (
    "On Debian and Ubuntu: apt-get install prometheus prometheus-alertmanager; with Homebrew: brew install prometheus"
    " alertmanager; or their archives from prometheus.io, unpacked into a folder of PATH."
)
READY_SECONDS = 60.0
DEATHS_MAX_AT_START = 2


def run(home: Home, console: Console, *, free_ports: bool, configuration: Path = CONFIGURATION) -> int:
    """Start both, say where they are, and stay; the exit status. Raises Problem when something is missing."""
    if home.read_state().get("phase") != "ready" or home.holder_pid() is None:
        raise Problem("No stack runs here: `make run` or `make start` first.")
    programs = {name: _program(name) for name in PORTS}
    place = home.root / "monitoring"
    place.mkdir(mode=0o700, exist_ok=True)
    with _alone(place), _stop_signals() as signals:
        chosen = ports.choose(list(PORTS), bind="127.0.0.1", explicit_port=None, free_ports=free_ports, defaults=PORTS)
        if chosen.moved:
            console.warn(f"Ports that are taken were replaced by free ones: {', '.join(chosen.moved)}")
        stack_ports: Mapping[str, int] = home.read_state()["ports"]
        write_configuration(configuration, place, {**stack_ports, **chosen.by_name}, os.environ)
        supervisor = Supervisor(home.logs, console)
        try:
            chosen.release_all()
            supervisor.start(_processes(programs, place, chosen))
            if _wait_until_ready(supervisor, chosen, home.logs, signals):
                _announce(console, chosen, os.environ)
            while not signals:
                supervisor.pump(0.25)
        finally:
            supervisor.stop(PORTS, is_urgent=lambda: len(signals) > 1)
            supervisor.close()
    return 0


def write_configuration(source: Path, place: Path, in_use: Mapping[str, int], environ: Mapping[str, str]) -> None:
    """The files of `source`, written to `place` with the ports `in_use` (by name) for the usual ones.

    With ALERT_WEBHOOK_URL in `environ` each receiver of alertmanager.yml tells that address.
    """
    names = {port: name for name, port in {**DEFAULT_PORTS, **PORTS}.items()}

    def moved(address: re.Match[str]) -> str:
        usual = int(address["port"])
        return f"127.0.0.1:{in_use.get(names.get(usual, ''), usual)}"

    prometheus = (source / "prometheus.yml").read_text(encoding="utf-8")
    (place / "prometheus.yml").write_text(re.sub(r"127\.0\.0\.1:(?P<port>\d+)", moved, prometheus), encoding="utf-8")
    shutil.copyfile(source / "alert_rules.yml", place / "alert_rules.yml")
    alertmanager = (source / "alertmanager.yml").read_text(encoding="utf-8")
    if url := environ.get("ALERT_WEBHOOK_URL"):
        integration = f"    webhook_configs: [{{ url: {json.dumps(url)} }}]"
        alertmanager = re.sub(
            r"^  - name: .+$", lambda receiver: f"{receiver[0]}\n{integration}", alertmanager, flags=re.MULTILINE
        )
    file = place / "alertmanager.yml"
    file.touch(mode=0o600)  # the address may hold a secret
    file.write_text(alertmanager, encoding="utf-8")


def _program(name: str) -> str:
    for candidate in PROGRAMS[name]:
        if found := shutil.which(candidate):
            return found
    raise Problem(f"{name.capitalize()} is not installed here. {HOW_TO_INSTALL}")


def _processes(programs: Mapping[str, str], place: Path, chosen: Ports) -> list[Process]:
    addresses = {name: f"127.0.0.1:{chosen[name]}" for name in PORTS}
    options = {
        "prometheus": (f"--storage.tsdb.path={place / 'prometheus'}",),
        "alertmanager": (f"--storage.path={place / 'alertmanager'}", "--cluster.listen-address="),
    }
    return [
        Process(
            name=name,
            command=(
                programs[name],
                f"--config.file={place / name}.yml",
                f"--web.listen-address={addresses[name]}",
                f"--web.external-url=http://{addresses[name]}",
                *options[name],
            ),
            cwd=place,
            env={"PATH": os.environ.get("PATH", "")},
        )
        for name in PORTS
    ]


def _wait_until_ready(supervisor: Supervisor, chosen: Ports, logs: Path, signals: list[int]) -> bool:
    """True when both answer, False when somebody wants us to stop. Raises Problem when one does not come up."""
    deadline = time.monotonic() + READY_SECONDS
    while not signals:
        supervisor.pump(0.2)
        if all(_is_ready(chosen[name]) for name in PORTS):
            return True
        for name, child in supervisor.children.items():
            if child.deaths >= DEATHS_MAX_AT_START or time.monotonic() > deadline:
                tail = "\n".join(f"    {line}" for line in last_lines(logs / f"{name}.log", 8))
                raise Problem(f"{name} does not come up. The last lines of its log:\n{tail}")
    return False


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/-/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _announce(console: Console, chosen: Ports, environ: Mapping[str, str]) -> None:
    console.say(f"Prometheus    http://127.0.0.1:{chosen['prometheus']}/alerts")
    console.say(f"Alertmanager  http://127.0.0.1:{chosen['alertmanager']}")
    told = environ.get("ALERT_WEBHOOK_URL") or "nobody; ALERT_WEBHOOK_URL=http://… tells that address"
    console.say(f"  Told of alerts: {told}.")
    console.say("  See one fire: .venv/bin/habrio part stop vendor, and after two minutes … part start vendor")
    console.say("  Ctrl-C ends both; what they have seen stays.")


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with (place / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(f"Prometheus and Alertmanager run here already, on {place}.") from None
        yield


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """The signals to stop that have come by now."""
    came: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _frame: came.append(number))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
