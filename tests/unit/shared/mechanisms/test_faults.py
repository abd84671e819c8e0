"""Fault points do nothing unless asked, and then exactly what was asked."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from habrio_shared import faults
from habrio_shared.faults import Fault, FaultStruck

POINT = faults.declare("tests.point")
OTHER = faults.declare("tests.other")


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    faults.arm([])


def test_nothing_happens_when_no_fault_is_armed() -> None:
    faults.point(POINT)


def test_a_list_of_faults_is_read() -> None:
    assert faults.parse(" a.b:kill, c:raise:3 ,,d:delay") == [
        Fault("a.b", "kill"),
        Fault("c", "raise", 3),
        Fault("d", "delay"),
    ]
    assert faults.parse("") == []


@pytest.mark.parametrize("text", ["a", "a:", ":kill", "a:explode", "a:kill:0", "a:kill:-1", "a:kill:x", "a:kill:²"])
def test_what_cannot_be_read_is_an_error_that_quotes_it(text: str) -> None:
    with pytest.raises(ValueError, match="FAULTS"):
        faults.parse(text)


def test_a_fault_strikes_once_at_the_passage_it_names() -> None:
    faults.arm([Fault(POINT, "raise", 2)])
    faults.point(POINT)
    faults.point(OTHER)
    with pytest.raises(FaultStruck, match=POINT):
        faults.point(POINT)
    faults.point(POINT)


def test_a_delay_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("habrio_shared.faults.time.sleep", slept.append)
    faults.arm([Fault(POINT, "delay")])
    faults.point(POINT)
    assert slept == [5.0]


def test_a_folder_strikes_whoever_passes_first(tmp_path: Path) -> None:
    faults.arm(faults.parse(str(tmp_path)))
    faults.point(POINT)
    (tmp_path / POINT).write_text("raise")
    faults.point(OTHER)
    with pytest.raises(FaultStruck, match=POINT):
        faults.point(POINT)
    faults.point(POINT)
    assert [path.name for path in tmp_path.iterdir()] == [f"{POINT}.struck"]


def test_a_commit_has_points_named_for_the_module_whose_it_is(tmp_path: Path) -> None:
    assert faults.committing() == ""
    faults.arm(faults.parse(str(tmp_path)))
    faults.commit_point("", "before")
    (tmp_path / "orders.place.before_commit").write_text("raise")
    faults.commit_point("orders.place", "after")
    with pytest.raises(FaultStruck):
        faults.commit_point("orders.place", "before")


def test_a_kill_leaves_no_time_for_anything() -> None:
    program = (
        "from habrio_shared import faults\n"
        "faults.declare('here'); faults.arm(faults.parse('here:kill'))\n"
        "try: faults.point('here')\n"
        "finally: print('tidied up')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == b""


def test_a_point_that_nobody_declared_is_a_mistake() -> None:
    faults.arm([Fault(POINT, "raise")])
    with pytest.raises(ValueError, match="never declared"):
        faults.point("tests.misspelt")


def test_a_name_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        faults.declare(POINT)


def test_the_mechanisms_declare_their_points() -> None:
    import habrio_shared.inbox
    import habrio_shared.outbox  # noqa: F401 — importing it declares them

    assert {
        "outbox.before_send",
        "outbox.after_send",
        "relay.after_claim",
        "inbox.after_insert",
    } <= faults.declared()
