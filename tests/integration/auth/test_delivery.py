"""How a code reaches its phone: through the service's worker, and never at the request's expense."""

from __future__ import annotations

import logging
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from flask import Flask
from sqlalchemy import update

from habrio_auth.otps.deliver import deliver
from habrio_auth.otps.errors import NotDelivered
from habrio_auth.otps.models import Otp
from habrio_shared.database import db_now, transaction
from tests.integration.auth.conftest import MakeApp
from tests.integration.auth.people import another, sent
from tests.support.client import new_phone
from tests.support.database import SECRETS
from tests.support.provider import running_provider
from tests.support.signed import anonymous
from tests.support.stack import Servers
from tests.support.waiting import until

FOLDER = Path(__file__).resolve().parents[3] / "services" / "auth"


@contextmanager
def running_worker(app: Flask, servers: Servers, output: Path, **settings: str) -> Iterator[None]:
    """The service's own worker; what it says goes to `output`."""
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
                "REDIS_URL": servers.redis_url,
                **settings,
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(20)


def test_the_worker_shows_the_code_and_the_whole_phone_on_its_console(
    make_app: MakeApp, postgres: Servers, tmp_path: Path
) -> None:
    app = make_app()
    phone = new_phone()
    code = sent(app, phone)
    output = tmp_path / "worker.log"
    said = f"To +91{phone}: {code} is your Habrio code"
    with running_worker(app, postgres, output):
        until(lambda: said in output.read_text(encoding="utf-8"), seconds=30, what=f"the worker says {said!r}")
    logged = "\n".join(line for line in output.read_text(encoding="utf-8").splitlines() if not line.startswith("To +"))
    assert phone not in logged
    assert not re.search(rf"\b{code}\b", logged)


def test_a_code_that_its_provider_did_not_take_is_tried_again_and_logged_without_its_secrets(
    make_app: MakeApp, postgres: Servers, tmp_path: Path
) -> None:
    app = make_app()
    phone = new_phone()
    code = sent(app, phone)
    output = tmp_path / "worker.log"
    with running_provider() as provider:
        provider.statuses = [503, 200]
        url = f"json://user:k3y@{provider.address}/{{phone}}"
        with running_worker(app, postgres, output, NOTIFY_URL=url):
            until(lambda: len(provider.received) == 2, seconds=40, what="the provider is asked a second time")
        assert [message.path for message in provider.received] == [f"/+91{phone}"] * 2
        assert f"{code} is your Habrio code" in provider.received[1].body
    logged = output.read_text(encoding="utf-8")
    assert f"of the code for ******{phone[-4:]}: try 1 failed: json did not take it" in logged
    assert not [secret for secret in (phone, "k3y") if secret in logged]
    assert not re.search(rf"\b{code}\b", logged)


def test_a_worker_whose_provider_cannot_be_used_does_not_start(app: Flask, postgres: Servers, tmp_path: Path) -> None:
    output = tmp_path / "worker.log"
    with running_worker(app, postgres, output, NOTIFY_URL="pigeon://k3y@loft/{phone}"):
        until(lambda: "apprise knows no such scheme" in output.read_text("utf-8"), seconds=30, what="it says why")
    assert "k3y" not in output.read_text(encoding="utf-8")


@pytest.mark.parametrize("end", ["used", "replaced", "guessed at"])
def test_a_code_that_nobody_waits_for_is_not_sent(app: Flask, end: str, capfd: pytest.CaptureFixture[str]) -> None:
    phone = new_phone()
    code = sent(app, phone)
    if end == "used":
        anonymous(app).post("/verify-otp", {"phone": phone, "otp": code})
    elif end == "replaced":
        sent(app, phone)
    else:
        for _ in range(5):
            anonymous(app).post("/verify-otp", {"phone": phone, "otp": another(code)}, expect=401)
    with app.app_context():
        assert deliver(f"+91{phone}", code) is False
    assert code not in capfd.readouterr().out


def test_a_code_whose_time_is_over_is_not_tried_again(app: Flask) -> None:
    phone = new_phone()
    code = sent(app, phone)
    with app.app_context(), transaction() as session:
        session.execute(update(Otp).where(Otp.phone == f"+91{phone}").values(expires_at=db_now()))
    with app.app_context(), pytest.raises(NotDelivered, match="its time is over") as said:
        deliver(f"+91{phone}", code)
    assert said.value.left_seconds <= 0


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
