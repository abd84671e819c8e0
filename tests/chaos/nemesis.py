"""The nemesis: strikes a stack again and again, drawn from a seed, and leaves it healed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence

import psutil

from tests.chaos.client import Tally
from tests.chaos.strikes import Blow, NeverBack, Strikes
from tests.chaos.wire import Wire
from tests.support.stack import Stack

WEIGHTS: dict[str, int] = {
    "kill_worker": 8,
    "kill_master": 4,
    "kill_celery": 4,
    "kill_nginx": 1,
    "kill_nginx_worker": 1,
    "pause": 4,
    "kill_valkey": 1,
    "empty_valkey": 1,
    "restart_postgres": 1,
    "quit_postgres": 1,
    "kill_postmaster": 1,
    "kill_backend": 2,
    "lose_replies": 2,
    "lose_orders": 1,
}
"""How often each is drawn. Every kind comes once, in a drawn order, before they are drawn by weight."""

PAUSE_SECONDS = (1.5, 4.0)
"""Between the end of one strike and the next."""


class Nemesis:
    """Strikes while `run` runs; `blows` are what it did."""

    def __init__(self, stack: Stack, seed: int, wires: list[Wire], tally: Tally, *, only: Sequence[str] = ()) -> None:
        self.blows: list[Blow] = []
        self._rng = random.Random(seed)
        self._strikes = Strikes(stack, self._rng, wires)
        self._tally = tally
        self._kinds = tuple(only) or tuple(WEIGHTS)
        self._pause_seconds = (1.0, 2.0) if only else PAUSE_SECONDS
        self._first = list(self._kinds)
        self._rng.shuffle(self._first)

    def run(self, stop: threading.Event) -> None:
        """Until `stop`; a strike that is under way is ended first."""
        while not stop.wait(self._rng.uniform(*self._pause_seconds)):
            try:
                self.blows.append(self._next()())
            except NeverBack as error:
                self._tally.violation(str(error))
            except (psutil.NoSuchProcess, ProcessLookupError, KeyError, IndexError):
                continue  # the victim is down already: another one

    def _next(self) -> Callable[[], Blow]:
        if self._first:
            kind = self._first.pop()
        else:
            [kind] = self._rng.choices(self._kinds, weights=[WEIGHTS[kind] for kind in self._kinds])
        strike: Callable[[], Blow] = getattr(self._strikes, kind)
        return strike
