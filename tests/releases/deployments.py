"""A running platform whose parts are of two releases, and change from one to the other as deployments do."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import requests

from habrio_local import control
from habrio_local.home import CHECKOUT
from tests.support.stack import Stack, running_stack
from tests.support.waiting import until

SWAP = Path(__file__).parent / "swap"
PATIENCE_SECONDS = 120


class Deployments:
    """All parts are of this checkout until `deploy` says otherwise; the schemas are this checkout's all the time."""

    def __init__(self, stack: Stack, previous: Path, choices: Path) -> None:
        self.stack = stack
        self._previous = previous
        self._choices = choices
        self._processes = frozenset(stack.pids())

    def deploy(self, old: Collection[str]) -> None:
        """From now on just these parts are of the previous release; returns when all of them answer."""
        changing = set(old) ^ {choice.name for choice in self._choices.iterdir()}
        homes = {name: home for part in changing for name, home in self._homes(part, is_old=part in old)}
        self._tell("stop", homes)
        until(lambda: not homes.keys() & self.stack.pids().keys(), seconds=PATIENCE_SECONDS, what=f"{changing} stop")
        for part in changing:
            choice = self._choices / part
            choice.write_text(str(self._previous), encoding="utf-8") if part in old else choice.unlink()
        self._tell("start", homes)
        until(lambda: self._run_in(homes), seconds=PATIENCE_SECONDS, what=f"{homes} run")
        until(lambda: all(map(self._answers, changing)), seconds=PATIENCE_SECONDS, what=f"{changing} answer")

    def _homes(self, part: str, *, is_old: bool) -> Iterator[tuple[str, Path]]:
        """The part's processes, and the folder that each is to run in."""
        tree = self._previous if is_old else CHECKOUT
        for name in {part, f"{part}-worker"} & self._processes:
            yield name, tree / ("gateway" if part == "gateway" else f"services/{part}")

    def _tell(self, verb: str, names: Iterable[str]) -> None:
        for name in names:
            control.send(self.stack.home.control_file, verb, name)

    def _run_in(self, homes: Mapping[str, Path]) -> bool:
        pids = self.stack.pids()
        try:
            return all(name in pids and Path(psutil.Process(pids[name]).cwd()) == home for name, home in homes.items())
        except psutil.NoSuchProcess:
            return False

    def _answers(self, part: str) -> bool:
        try:
            return requests.get(f"{self.stack.service_url(part)}/health", timeout=5).status_code == 200
        except requests.RequestException:
            return False


@contextmanager
def deployments(previous: Path, choices: Path) -> Iterator[Deployments]:
    """A platform of its own, all of this checkout; `previous` is the other tree, `choices` an empty folder."""
    paths = [str(SWAP), os.environ.get("PYTHONPATH", "")]
    environ = {"PYTHONPATH": os.pathsep.join(path for path in paths if path), "HABRIO_RELEASES": str(choices)}
    with running_stack({**environ, "WORKERS": "1"}) as stack:
        yield Deployments(stack, previous, choices)
