"""A running platform whose parts are of two releases, and change from one to the other as deployments do."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil
import requests

from habrio_local import control
from habrio_local.home import CHECKOUT
from tests.support.stack import Stack, running_stack
from tests.support.waiting import until

SWAP = Path(__file__).parent / "swap"
PATIENCE_SECONDS = 60


class Deployments:
    """All parts are of this checkout until `deploy` says otherwise; the schemas are this checkout's all the time."""

    def __init__(self, stack: Stack, previous: Path, choices: Path) -> None:
        self.stack = stack
        self._previous = previous
        self._choices = choices
        self._workers = {name for name in stack.pids() if name.endswith("-worker")}

    def deploy(self, old: Collection[str]) -> None:
        """From now on just these parts are of the previous release; returns when all of them answer."""
        changing = sorted(set(old) ^ {choice.name for choice in self._choices.iterdir()})
        for part in changing:
            choice = self._choices / part
            choice.write_text(str(self._previous), encoding="utf-8") if part in old else choice.unlink()
        for part in changing:
            self._start_anew(part, self._previous if part in old else CHECKOUT)

    def _start_anew(self, part: str, tree: Path) -> None:
        own = Path(part) if part == "gateway" else Path("services", part)
        worker = {f"{part}-worker"} & self._workers
        for name in {part, *worker}:
            control.send(self.stack.home.control_file, "stop", name)
            until(partial(self._is_gone, name), seconds=PATIENCE_SECONDS, what=f"{name} stops")
        for name in {part, *worker} if (tree / own / "celery_app.py").exists() else {part}:
            control.send(self.stack.home.control_file, "start", name)
            until(partial(self._runs_in, name, tree / own), seconds=PATIENCE_SECONDS, what=f"{name} runs")
        until(lambda: self._answers(part), seconds=PATIENCE_SECONDS, what=f"{part} answers")

    def _is_gone(self, name: str) -> bool:
        return name not in self.stack.pids()

    def _runs_in(self, name: str, folder: Path) -> bool:
        pid = self.stack.pids().get(name)
        return pid is not None and Path(psutil.Process(pid).cwd()) == folder

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
