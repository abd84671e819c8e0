"""Work that a worker does again and again: at once while there is some, and whatever goes wrong."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest
from flask import Flask, current_app

from habrio_shared.recurring import Recurring


def run(work: Callable[[], int], stop: threading.Event, *, pause_seconds: float = 0.001) -> None:
    """Until `stop`, which the work itself sets."""
    thread = threading.Thread(
        target=Recurring(Flask("shop"), "order-timer", work, pause_seconds=pause_seconds).run, args=(stop,)
    )
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


def test_while_there_is_work_there_is_no_pause() -> None:
    stop, left = threading.Event(), [3, 2, 1]

    def work() -> int:
        assert current_app.name == "shop"
        done = left.pop(0)
        if not left:
            stop.set()
        return done

    run(work, stop, pause_seconds=3600)
    assert left == []


def test_an_error_costs_a_pause_and_is_said_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    stop, turns = threading.Event(), []

    def work() -> int:
        turns.append(1)
        if len(turns) <= 3:
            raise ConnectionError("the database is away")
        stop.set()
        return 0

    run(work, stop)
    assert len(turns) == 4
    assert [record.message for record in caplog.records] == [
        "order-timer fails and goes on trying",
        "order-timer works again",
    ]


def test_it_stops_within_the_pause() -> None:
    stop, begun = threading.Event(), threading.Event()

    def work() -> int:
        begun.set()
        return 0

    thread = threading.Thread(target=Recurring(Flask("shop"), "x", work, pause_seconds=3600).run, args=(stop,))
    thread.start()
    assert begun.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
