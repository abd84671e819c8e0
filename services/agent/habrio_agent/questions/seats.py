"""How many questions one process answers at the same time: fewer than it has threads, and one of each person."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app

from habrio_agent.questions.errors import StillAnswering, TooBusy
from habrio_agent.settings import AgentSettings

EXTENSION = "habrio_agent_seats"
RETRY_AFTER_SECONDS = 2


class Seats:
    """A question waits for others over seconds, so those that it has no room for are told at once."""

    def __init__(self, how_many: int) -> None:
        self._how_many = how_many
        self._lock = threading.Lock()
        self._taken: set[int] = set()

    @contextmanager
    def taken(self, user_id: int) -> Iterator[None]:
        """One seat for the block. StillAnswering: the person has one already; TooBusy: there is none left."""
        with self._lock:
            if user_id in self._taken:
                raise StillAnswering(retry_after_seconds=RETRY_AFTER_SECONDS)
            if len(self._taken) >= self._how_many:
                raise TooBusy(retry_after_seconds=RETRY_AFTER_SECONDS)
            self._taken.add(user_id)
        try:
            yield
        finally:
            with self._lock:
                self._taken.discard(user_id)


def set_up(app: Flask, settings: AgentSettings) -> None:
    """Let `current_seats` work in this app."""
    app.extensions[EXTENSION] = Seats(settings.agent_questions_at_once)


def current_seats() -> Seats:
    """The seats of the current app's process."""
    seats: Seats = current_app.extensions[EXTENSION]
    return seats
