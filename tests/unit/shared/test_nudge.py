"""Nudges of the worker: no caller waits for the broker, and none hears of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from habrio_shared.nudge import EXTENSION, Nudges, nudge
from tests.support.waiting import until


def app_that_tells(send_task: Callable[..., Any]) -> Flask:
    app = Flask("shop")
    app.extensions["celery"] = SimpleNamespace(send_task=send_task)
    app.extensions[EXTENSION] = Nudges(app)
    return app


def test_while_the_broker_hangs_nobody_waits_and_those_who_come_share_one_nudge_a_task() -> None:
    told: list[str] = []
    hangs = threading.Event()

    def send_task(task: str, **_options: Any) -> None:
        told.append(task)
        assert hangs.wait(10)

    app = app_that_tells(send_task)
    with app.app_context():
        nudge("a")
        until(lambda: told == ["a"], seconds=5, what="the first nudge is under way")
        for _ in range(3):
            nudge("a")
            nudge("b")
    assert told == ["a"]
    hangs.set()
    until(lambda: len(told) == 3, seconds=5, what="the others have gone too")
    assert told == ["a", "a", "b"]


def test_a_broker_that_is_away_is_a_line_in_the_log_and_the_next_nudge_goes(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    errors = [ConnectionError("refused"), None]
    told: list[str] = []

    def send_task(task: str, **_options: Any) -> None:
        if error := errors.pop(0):
            raise error
        told.append(task)

    app = app_that_tells(send_task)
    with app.app_context():
        nudge("a")
        until(lambda: len(caplog.messages) == 1, seconds=5, what="the log says so")
        nudge("a")
    until(lambda: told == ["a"], seconds=5, what="the next one has gone")
    assert caplog.messages == ["a waits for the next beat: ConnectionError: refused"]
