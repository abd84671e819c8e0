"""The supervisor: restarts what dies, and leaves nothing behind, whatever its children do."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from habrio_local.console import Console
from habrio_local.process import Process
from habrio_local.supervisor import Supervisor

SECONDS = 10.0
SLEEP = "import time; time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('armed', flush=True); {SLEEP}"
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {SLEEP!r}])
print(child.pid, flush=True)
child.wait()
"""

SERVER = """
import os, pathlib, signal, socket
if pathlib.Path("broken").exists():
    raise SystemExit(1)
asked_to_stop = []
signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.append(True))
listener = socket.socket(fileno=int(os.environ["BIND_ADDRESS"].removeprefix("fd://")))
listener.settimeout(0.05)
os.write(int(os.environ["READY_FD"]), b"1")
while not asked_to_stop:
    try:
        connection, _ = listener.accept()
    except TimeoutError:
        continue
    connection.sendall(str(os.getpid()).encode())
    connection.close()
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path, Console(io.StringIO()))
    yield made
    for name in list(made.children):
        made.stop([name], is_urgent=lambda: True)


def python(name: str, code: str, *, stop_timeout_seconds: float = 5) -> Process:
    return Process(
        name, (sys.executable, "-c", code), Path("/"), dict(os.environ), stop_timeout_seconds=stop_timeout_seconds
    )


def pump_until(supervisor: Supervisor, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        supervisor.pump(0.05)


def log(tmp_path: Path, name: str) -> str:
    path = tmp_path / f"{name}.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def pid_of(supervisor: Supervisor, name: str) -> int:
    popen = supervisor.children[name].popen
    assert popen is not None
    return popen.pid


def test_what_is_killed_starts_again(supervisor: Supervisor) -> None:
    supervisor.start([python("sleeper", SLEEP)])
    first = pid_of(supervisor, "sleeper")
    os.kill(first, signal.SIGKILL)
    pump_until(supervisor, lambda: supervisor.children["sleeper"].restarts == 1)
    assert pid_of(supervisor, "sleeper") != first


def test_what_dies_again_and_again_is_started_ever_more_slowly(supervisor: Supervisor) -> None:
    supervisor.start([python("crasher", "raise SystemExit(3)")])
    pump_until(supervisor, lambda: supervisor.children["crasher"].deaths == 3)
    child = supervisor.children["crasher"]
    assert child.exit_code == 3
    assert 0.5 < child.restart_at - time.monotonic() <= 0.8


def test_one_that_is_held_stays_down_until_it_is_released(supervisor: Supervisor) -> None:
    supervisor.start([python("sleeper", SLEEP)])
    supervisor.hold("sleeper")
    supervisor.pump(0.3)
    assert supervisor.children["sleeper"].popen is None
    supervisor.release("sleeper")
    assert psutil.pid_exists(pid_of(supervisor, "sleeper"))


@pytest.fixture
def server(supervisor: Supervisor, tmp_path: Path) -> Callable[[], int]:
    """A process that listens; whoever calls it is told its pid."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = (sys.executable, "-c", SERVER)
    supervisor.start([Process("server", command, tmp_path, dict(os.environ), listens=f"127.0.0.1:{port}")])

    def asked() -> int:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
            return int(connection.recv(100))

    return asked


def test_one_that_listens_is_followed_without_a_moment_in_which_nobody_does(
    supervisor: Supervisor, server: Callable[[], int]
) -> None:
    first = server()
    supervisor.replace("server")
    second = pid_of(supervisor, "server")
    seen = {server()}

    def is_over() -> bool:
        seen.add(server())
        return supervisor.children["server"].leaving is None

    pump_until(supervisor, is_over)
    assert server() == second
    assert seen <= {first, second}
    assert not psutil.pid_exists(first)
    assert supervisor.children["server"].deaths == 0


def test_one_whose_follower_does_not_come_up_stays(
    supervisor: Supervisor, server: Callable[[], int], tmp_path: Path
) -> None:
    first = server()
    (tmp_path / "broken").touch()
    supervisor.replace("server")
    pump_until(supervisor, lambda: supervisor.children["server"].leaving is None)
    assert (pid_of(supervisor, "server"), server()) == (first, first)


def test_one_that_listens_and_dies_is_refused_until_it_is_back(
    supervisor: Supervisor, server: Callable[[], int]
) -> None:
    os.kill(server(), signal.SIGKILL)
    pump_until(supervisor, lambda: supervisor.children["server"].popen is None)
    with pytest.raises(ConnectionRefusedError):
        server()
    pump_until(supervisor, lambda: supervisor.children["server"].restarts == 1)
    assert server() == pid_of(supervisor, "server")


def test_one_that_ignores_the_request_is_killed_when_its_time_is_over(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start([python("stubborn", STUBBORN, stop_timeout_seconds=0.3)])
    pump_until(supervisor, lambda: "armed" in log(tmp_path, "stubborn"))
    supervisor.stop(["stubborn"])
    assert supervisor.children["stubborn"].exit_code == -signal.SIGKILL


def test_the_children_of_one_that_was_killed_go_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start([python("parent", PARENT)])
    pump_until(supervisor, lambda: log(tmp_path, "parent").endswith("\n"))
    grandchild = psutil.Process(int(log(tmp_path, "parent")))
    supervisor.children["parent"].held = True
    os.kill(pid_of(supervisor, "parent"), signal.SIGKILL)
    pump_until(supervisor, lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)


def test_a_run_to_the_end_gives_its_exit_code_and_can_be_broken_off(supervisor: Supervisor) -> None:
    assert supervisor.run_once(python("quick", "raise SystemExit(7)"), lambda: False) == 7
    assert supervisor.run_once(python("slow", SLEEP), lambda: True) == -signal.SIGTERM
    assert supervisor.children == {}


def test_the_last_words_of_a_process_are_in_its_log_without_a_line_end(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.run_once(python("speaker", "import sys; sys.stdout.write('first\\nlast')"), lambda: False)
    assert log(tmp_path, "speaker") == "first\nlast\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_children_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    code = f"""
import io, os, pathlib, sys
from habrio_local.console import Console
from habrio_local.process import Process
from habrio_local.supervisor import Supervisor
supervisor = Supervisor(pathlib.Path({str(tmp_path)!r}), Console(io.StringIO()))
supervisor.start([Process("sleeper", (sys.executable, "-c", {SLEEP!r}), pathlib.Path("/"), dict(os.environ))])
print(supervisor.children["sleeper"].popen.pid, flush=True)
supervisor.pump(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    _gone, alive = psutil.wait_procs([child], timeout=SECONDS)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
