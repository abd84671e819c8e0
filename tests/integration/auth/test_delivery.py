"""How a code reaches its phone: through the service's worker, and never at the request's expense."""

from __future__ import annotations

import logging
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from flask import Flask

from tests.integration.auth.conftest import MakeApp
from tests.integration.auth.people import sent
from tests.support.client import new_phone
from tests.support.database import SECRETS
from tests.support.signed import anonymous
from tests.support.stack import Servers
from tests.support.waiting import until

FOLDER = Path(__file__).resolve().parents[3] / "services" / "auth"


def test_the_worker_shows_the_code_and_the_whole_phone_on_its_console(
    make_app: MakeApp, postgres: Servers, tmp_path: Path
) -> None:
    app = make_app()
    phone = new_phone()
    code = sent(app, phone)
    output = tmp_path / "worker.log"
    with output.open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "celery_app", "worker", "-l", "info", "-P", "threads", "-c", "1"],
            cwd=FOLDER,
            env={
                **SECRETS,
                "PATH": str(Path(sys.executable).parent),
                "APP_ENV": "testing",
                "LOG_FORMAT": "text",
                "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
                "REDIS_URL": postgres.redis_url,
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        said = f"OTP for +91{phone}: {code}"
        until(lambda: said in output.read_text(encoding="utf-8"), seconds=30, what=f"the worker says {said!r}")
    finally:
        worker.terminate()
        worker.wait(20)
    logged = "\n".join(
        line for line in output.read_text(encoding="utf-8").splitlines() if not line.startswith("OTP for")
    )
    assert phone not in logged
    assert not re.search(rf"\b{code}\b", logged)


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What the service logs from here on. (caplog's own handler goes when an app sets its logging up.)"""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler, logger = Kept(), logging.getLogger("habrio_auth")
    logger.addHandler(handler)
    yield lines
    logger.removeHandler(handler)


def test_a_broker_that_is_away_fails_no_request_and_is_logged(make_app: MakeApp, logged: list[str]) -> None:
    app = make_app(REDIS_URL="redis://127.0.0.1:1/0")
    sent(app, new_phone())
    until(lambda: any("is not delivered" in line for line in logged), seconds=20, what="the log says so")


def test_a_broker_that_does_not_answer_slows_no_request(make_app: MakeApp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = make_app(REDIS_URL=f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        sent(app, new_phone())  # the first one also makes the table of codes
        before = time.monotonic()
        for _ in range(5):
            anonymous(app).post("/send-otp", {"phone": new_phone()})
        assert time.monotonic() - before < 1  # one that waits for the broker's 5 s takes far longer


def test_codes_that_wait_for_the_broker_are_bounded(
    app: Flask, monkeypatch: pytest.MonkeyPatch, logged: list[str]
) -> None:
    handover = app.extensions["habrio_otp_handover"]
    monkeypatch.setattr(handover, "_places", BoundedSemaphore(1))
    handover._places.acquire()
    sent(app, new_phone())
    assert any("others wait for the broker" in line for line in logged)
