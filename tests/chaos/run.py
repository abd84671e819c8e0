"""One run from the start of a stack to its report."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from habrio_local.home import Home
from tests.chaos import checks
from tests.chaos.audit import Audit
from tests.chaos.figures import STUCK_SECONDS, Measured, Outage
from tests.chaos.market import Market
from tests.chaos.nemesis import Nemesis
from tests.chaos.planted import plant
from tests.chaos.report import Report
from tests.chaos.wire import Wire
from tests.support.stack import Stack, running_stack

LOOK_SECONDS = 5.0
CALM_SECONDS = 10.0
"""Nothing is struck in the beginning, nor at the end: orders that are under way then are to be seen through."""
OUTAGE_SECONDS = 60.0
OUTAGE_FROM_SECONDS = 300.0
"""Shorter runs have no scripted outage."""
HEALED_SECONDS = 90.0
SETTLED_SECONDS = 90.0
SETTINGS = {
    "OTP_PER_PHONE_HOUR": "100000",
    "OTP_PER_PHONE_DAY": "100000",
    "MODIFICATION_TIMEOUT": "12",
}
"""People who lose a session sign in again as often as they must; the timer has something to do."""


@dataclass(frozen=True)
class Wanted:
    """What a run is to be.

    `only` names the strikes it may use, `haste` divides people's pauses, `stops_early` ends it at the first violation.
    `logs` is where the parts' logs are copied to if there were violations.
    """

    seconds: float
    seed: int
    people: int = 32
    plant: str = ""
    only: Sequence[str] = ()
    stops_early: bool = False
    haste: float = 1.0
    logs: Path | None = None


def run(wanted: Wanted) -> Report:
    """Start a stack, let people and nemesis loose on it, heal it, and reckon."""
    load_before = os.getloadavg()[0]
    with ExitStack() as ends:
        folder = Path(tempfile.mkdtemp(prefix="habrio-chaos-"))
        wires = {name: Wire(Home(folder), name) for name in ("consumer", "vendor")}
        for wire in wires.values():
            ends.callback(wire.close)
        environ = {f"{name.upper()}_URL": wire.url for name, wire in wires.items()}
        stack = ends.enter_context(running_stack({**environ, **SETTINGS, **plant(wanted.plant)}, folder=folder))
        market = Market(stack.url, wanted.seed, wanted.people, wanted.haste)
        nemesis = Nemesis(stack, wanted.seed, list(wires.values()), market.tally, only=wanted.only)
        measured = Measured()
        market.open()
        with _watched(stack, market, measured):
            _live_through(wanted, stack, market, nemesis, measured)
        _reckon(wanted, stack, market, measured)
        if wanted.logs is not None and market.tally.violations:
            shutil.copytree(stack.home.logs, wanted.logs, dirs_exist_ok=True)
    return Report(
        seed=wanted.seed,
        plant=wanted.plant,
        people=wanted.people,
        tally=market.tally,
        measured=measured,
        load_before=load_before,
        load_after=os.getloadavg()[0],
    )


def _live_through(wanted: Wanted, stack: Stack, market: Market, nemesis: Nemesis, measured: Measured) -> None:
    """Calm, strikes, for long runs an outage of the vendor service, strikes, calm; the stack is healed afterwards."""
    measured.began_at = time.time()
    end = time.monotonic() + wanted.seconds
    calm = min(CALM_SECONDS, wanted.seconds / 10)
    _wait(calm, market, wanted)
    if wanted.seconds >= OUTAGE_FROM_SECONDS:
        _strike(nemesis, (end - time.monotonic() - OUTAGE_SECONDS) / 2, market, wanted)
        stack.wait_until_ready(HEALED_SECONDS)
        measured.outage = _outage(stack)
    _strike(nemesis, end - calm - time.monotonic(), market, wanted)
    measured.blows = nemesis.blows
    measured.seconds = time.time() - measured.began_at
    if _is_over(wanted, market):
        return
    stack.wait_until_ready(HEALED_SECONDS)
    healed_at = time.time()
    measured.stuck_seconds = checks.seconds_until_delivered(stack, longest=SETTLED_SECONDS, before=healed_at)
    _wait(end - time.monotonic(), market, wanted)
    measured.seconds = time.time() - measured.began_at


def _is_over(wanted: Wanted, market: Market) -> bool:
    """Whether nothing more is to be learnt from this run."""
    return wanted.stops_early and bool(market.tally.violations)


def _strike(nemesis: Nemesis, seconds: float, market: Market, wanted: Wanted) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=nemesis.run, args=(stop,), name="nemesis")
    thread.start()
    _wait(seconds, market, wanted)
    stop.set()
    thread.join()


def _wait(seconds: float, market: Market, wanted: Wanted) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not _is_over(wanted, market):
        time.sleep(0.1)  # the run's length is what was asked for


def _outage(stack: Stack) -> Outage:
    began_at = time.time()
    with stack.stopped("vendor"):
        time.sleep(OUTAGE_SECONDS)  # that is the phase
        ended_at = time.time()
        backlog = checks.undelivered(stack, ended_at)
    began = time.time()
    seconds = checks.seconds_until_delivered(stack, longest=SETTLED_SECONDS, before=ended_at)
    return Outage(began_at, ended_at, backlog, None if seconds is None else seconds + began - ended_at)


@contextmanager
def _watched(stack: Stack, market: Market, measured: Measured) -> Iterator[None]:
    """Look at the books every 5 s during the block."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(LOOK_SECONDS):
            try:
                is_seen = checks.look_at_books(stack, market.tally)
            except Exception as error:  # noqa: BLE001 — the edge of a thread: who cannot look must not seem content
                market.tally.violation(f"the books cannot be read: {type(error).__name__}: {error}")
                return
            if is_seen:
                measured.looks += 1
            else:
                measured.looks_in_vain += 1

    thread = threading.Thread(target=watch, name="watch")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _reckon(wanted: Wanted, stack: Stack, market: Market, measured: Measured) -> None:
    """Nobody acts any more: everything arrives, and then every book equals the API."""
    measured.order_times = market.books.order_times
    if _is_over(wanted, market):
        market.closing.set()
        return
    if measured.stuck_seconds is None or measured.stuck_seconds > STUCK_SECONDS:
        market.tally.violation(
            f"messages were stuck for {measured.stuck_seconds or SETTLED_SECONDS} s after all healed"
        )
    market.close(HEALED_SECONDS)
    _await_workers(stack)
    measured.quiet_seconds = checks.seconds_until_delivered(stack, longest=SETTLED_SECONDS)
    checks.look_at_books(stack, market.tally)
    checks.look_when_quiet(stack, market.tally)
    Audit(market.books, market.tally, market.residents, market.shopkeepers, market.administrator).run()
    measured.lags = checks.lags(stack)


def _await_workers(stack: Stack) -> None:
    """Until the timer has ended what nobody answered, and the sandbox bank is paid (if need be by the next beat).

    Whatever is left after a while the checks will name.
    """
    left = """SELECT (SELECT count(*) FROM vendor.vendor_orders WHERE due_at IS NOT NULL)
        + (SELECT count(*) FROM vendor.payouts WHERE settled_at IS NULL)"""
    deadline = time.monotonic() + SETTLED_SECONDS
    while time.monotonic() < deadline:
        with psycopg.connect(stack.admin_dsn, connect_timeout=5) as connection:
            if connection.execute(left).fetchone() == (0,):
                return
        time.sleep(0.5)  # the event is in the database
