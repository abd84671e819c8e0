"""One `make monitor` beside one platform for all tests here, quicker than in earnest, telling a listener of ours."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from habrio_local import monitor
from habrio_local.home import CHECKOUT
from tests.monitoring.programs import needed
from tests.support.serving import QuietHandler, serving
from tests.support.stack import Stack

QUICKER = {
    "prometheus.yml": [(r"_interval: 15s", "_interval: 2s")],
    "alert_rules.yml": [(r"for: 1m", "for: 2s")],
    "alertmanager.yml": [(r"group_wait: \w+", "group_wait: 1s"), (r"group_interval: \w+", "group_interval: 2s")],
}
"""What makes an alert take minutes."""


@dataclass
class Listener:
    """Where Alertmanager's messages arrive: `told` has each alert as it came, the newest last."""

    url: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)

    def has_heard(self, status: str, **labels: str) -> bool:
        """Whether what was last told of the alerts with these labels is `status`: firing or resolved."""
        about = [alert for alert in list(self.told) if labels.items() <= alert["labels"].items()]
        return bool(about) and about[-1]["status"] == status


@dataclass
class Monitoring:
    """A running `make monitor`."""

    prometheus_url: str
    alertmanager_url: str
    listener: Listener

    def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """What Prometheus says now: (labels, value) of each series."""
        answer = requests.get(f"{self.prometheus_url}/api/v1/query", params={"query": expression}, timeout=10).json()
        assert answer["status"] == "success", answer
        return [(series["metric"], float(series["value"][1])) for series in answer["data"]["result"]]


@pytest.fixture(scope="session")
def monitoring(stack: Stack, listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitoring]:
    for names in monitor.PROGRAMS.values():
        needed(*names)
    configuration = quicker(tmp_path_factory.mktemp("monitoring"))
    running = subprocess.Popen(
        [sys.executable, "-m", "habrio_local", "monitor", "--free-ports", "--configuration", str(configuration)],
        cwd=CHECKOUT,
        env={**os.environ, "HABRIO_HOME": str(stack.home.root), "ALERT_WEBHOOK_URL": listener.url},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    try:
        urls = dict(_urls(running.stdout))
        yield Monitoring(urls["Prometheus"], urls["Alertmanager"], listener)
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
        running.stdout.close()


def _urls(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """What `make monitor` prints when both are up."""
    for line in lines:
        if found := re.match(r"(Prometheus|Alertmanager)\s+(http://[\d.:]+)", line):
            yield found[1], found[2]
            if found[1] == "Alertmanager":
                return


def quicker(folder: Path) -> Path:
    """The committed files in `folder`, with shorter intervals."""
    shutil.copytree(monitor.CONFIGURATION, folder, dirs_exist_ok=True)
    for name, changes in QUICKER.items():
        text = (folder / name).read_text(encoding="utf-8")
        for pattern, replacement in changes:
            text, count = re.subn(pattern, replacement, text)
            assert count, f"{name} has no {pattern}"
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    listening = Listener()

    class Handler(QuietHandler):
        def do_POST(self) -> None:
            listening.told += json.loads(self.rfile.read(int(self.headers["Content-Length"])))["alerts"]
            self.send_response(200)
            self.end_headers()

    with serving(Handler) as url:
        listening.url = f"{url}/alerts"
        yield listening
