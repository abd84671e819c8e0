"""The figures of a gunicorn with two workers: one sum, whichever worker answers, whoever dies."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.integration.gateway.front_door import free_port, wait_for_port
from tests.support.waiting import until

HERE = Path(__file__).parent
HELLO = {"method": "GET", "route": "/hello", "status": "200"}


@dataclass
class Gunicorn:
    """A small application under the platform's own gunicorn settings, with two workers."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]

    def worker_pids(self) -> set[int]:
        return {worker.pid for worker in psutil.Process(self.process.pid).children()}

    def greet(self, times: int) -> set[int]:
        """So many requests, each on a connection of its own; which workers have answered."""
        return {int(requests.get(f"{self.url}/hello", timeout=5).text) for _ in range(times)}

    def value(self, name: str, labels: dict[str, str] | None = None) -> list[float]:
        """The samples of this name and these labels: one, unless something is there twice."""
        text = requests.get(f"{self.url}/metrics", timeout=5).text
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return [sample.value for sample in samples if sample.name == name and sample.labels == (labels or {})]

    def files_of(self, pid: int) -> list[str]:
        return [file.name for file in self.folder.glob(f"*_{pid}.db")]


@pytest.fixture
def gunicorn(tmp_path: Path) -> Iterator[Gunicorn]:
    port, folder = free_port(), tmp_path / "metrics"
    environ = {
        **os.environ,
        "BIND_ADDRESS": f"127.0.0.1:{port}",
        "WORKERS": "2",
        "PROMETHEUS_MULTIPROC_DIR": str(folder),
    }
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"what an earlier run has left is no file of Prometheus' at all")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:habrio_shared.gunicorn_conf", "small_app:create_app()"],
        cwd=HERE,
        env=environ,
    )
    try:
        wait_for_port(port, process)
        yield Gunicorn(f"http://127.0.0.1:{port}", folder, process)
    finally:
        process.terminate()
        process.wait(20)


def greet_both(gunicorn: Gunicorn) -> int:
    """Greet until both workers have answered; how many requests that took."""
    seen: set[int] = set()
    count = 0
    while len(seen) < 2:
        seen |= gunicorn.greet(4)
        count += 4
        assert count < 2000, "one worker gets everything"
    return count


def test_counts_add_up_over_both_workers_and_gauges_are_not_doubled(gunicorn: Gunicorn) -> None:
    count = greet_both(gunicorn)
    for _ in range(4):  # whichever worker answers
        assert gunicorn.value("flask_http_request_total", HELLO) == [count]
        assert gunicorn.value("flask_http_request_duration_seconds_count", HELLO) == [count]
        assert gunicorn.value("flask_http_requests_in_flight") == [1]  # the scrape itself


def test_a_killed_worker_leaves_its_counts_but_no_file_and_nothing_in_flight(gunicorn: Gunicorn) -> None:
    count = greet_both(gunicorn)
    for turn in (1, 2):
        dead = min(gunicorn.worker_pids())
        with pytest.raises(requests.ConnectionError):  # it dies with a request in its hands
            while True:
                requests.get(f"{gunicorn.url}/die/{dead}", timeout=5)
        until(lambda: not gunicorn.files_of(dead), seconds=20, what="its files are gone")  # noqa: B023 — called at once
        until(lambda: len(gunicorn.worker_pids()) == 2, seconds=20, what="another takes its place")
        assert gunicorn.value("flask_http_request_total", HELLO) == [count], f"after {turn} deaths"
        assert gunicorn.value("flask_http_requests_in_flight") == [1]
