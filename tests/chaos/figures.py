"""What a run has measured, beside what is wanted of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.chaos.strikes import Blow

WORKER_SECONDS = 2.0
SERVICE_SECONDS = 5.0
FIRST_ORDER_SECONDS = 5.0
LAG_SECONDS = 2.0
DRAINED_SECONDS = 30.0
STUCK_SECONDS = 10.0
AFTERMATH_SECONDS = 3.0
"""So long after a part is back a message may still wait for its next try: that is no lag of a platform in order."""

KILLED_WORKERS = ("kill-worker", "kill-nginx-worker")
KILLED_SERVICES = ("kill-master", "kill-nginx", "kill-valkey")
KILLED_CELERY = ("kill-celery",)
POSTGRES = ("restart-postgres", "quit-postgres", "kill-postmaster", "kill-backend")


@dataclass
class Outage:
    """The scripted one of the vendor service: so long, so many messages left by it, delivered after so long."""

    began_at: float
    ended_at: float
    backlog: int
    drained_seconds: float | None


@dataclass
class Measured:
    """Raw measurements of a run; times on time.time()."""

    began_at: float = 0.0
    seconds: float = 0.0
    blows: list[Blow] = field(default_factory=list)
    order_times: list[float] = field(default_factory=list)
    lags: list[tuple[float, float]] = field(default_factory=list)
    outage: Outage | None = None
    stuck_seconds: float | None = None
    quiet_seconds: float | None = None
    looks: int = 0
    looks_in_vain: int = 0


@dataclass(frozen=True)
class Figure:
    """One line of the table; `measured` is None if the run had nothing to measure it by."""

    what: str
    wanted_seconds: float | None
    measured_seconds: float | None
    of: str = ""

    @property
    def is_reached(self) -> bool:
        if self.wanted_seconds is None or self.measured_seconds is None:
            return True
        return self.measured_seconds <= self.wanted_seconds


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that this share of them does not exceed; None of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def first_orders(blows: Sequence[Blow], order_times: Sequence[float]) -> list[float]:
    """For each time that PostgreSQL came back: seconds until the first order was acknowledged."""
    found = []
    for blow in blows:
        later = [at - blow.ended_at for at in order_times if at > blow.ended_at]
        if blow.kind in POSTGRES and later:
            found.append(min(later))
    return found


def undisturbed(lags: Sequence[tuple[float, float]], disturbed: Sequence[tuple[float, float]]) -> list[float]:
    """The lags of messages whose whole way was outside of all disturbances, given as (from, to)."""
    return [
        seconds
        for at, seconds in lags
        if not any(start <= at + min(seconds, LAG_SECONDS) and at <= end for start, end in disturbed)
    ]


def figures(measured: Measured) -> list[Figure]:
    """The table: the worst of each kind, and percentiles of the lag."""
    disturbed = [(blow.at, blow.ended_at + AFTERMATH_SECONDS) for blow in measured.blows]
    outage = measured.outage
    if outage is not None:
        disturbed.append((outage.began_at, outage.ended_at + (outage.drained_seconds or DRAINED_SECONDS)))
    in_order = undisturbed(measured.lags, disturbed)
    all_lags = [seconds for _, seconds in measured.lags]
    firsts = first_orders(measured.blows, measured.order_times)
    return [
        *_of_blows("a killed worker is back", WORKER_SECONDS, measured.blows, KILLED_WORKERS),
        *_of_blows("a killed service is back", SERVICE_SECONDS, measured.blows, KILLED_SERVICES),
        *_of_blows("a killed Celery worker and its relay are back", SERVICE_SECONDS, measured.blows, KILLED_CELERY),
        *_of_blows("PostgreSQL is back", None, measured.blows, POSTGRES),
        Figure("the first order after PostgreSQL's return", FIRST_ORDER_SECONDS, max(firsts, default=None), _n(firsts)),
        Figure("outbox lag, p50", None, percentile(all_lags, 0.5), _n(all_lags)),
        Figure("outbox lag, p99, strikes included", None, percentile(all_lags, 0.99), _n(all_lags)),
        Figure("outbox lag, p99, apart from strikes", LAG_SECONDS, percentile(in_order, 0.99), _n(in_order)),
        Figure(
            "the backlog of a vendor outage is delivered",
            DRAINED_SECONDS,
            None if outage is None else outage.drained_seconds,
            "no such phase in this run" if outage is None else f"{outage.backlog} messages",
        ),
        Figure("everything is settled after the last strike", STUCK_SECONDS, measured.stuck_seconds),
    ]


def _of_blows(what: str, wanted_seconds: float | None, blows: Sequence[Blow], kinds: Sequence[str]) -> list[Figure]:
    took = [blow.back_seconds for blow in blows if blow.kind in kinds]
    return [
        Figure(f"{what}, median", None, percentile(took, 0.5), _n(took)),
        Figure(f"{what}, longest", wanted_seconds, max(took, default=None), _n(took)),
    ]


def _n(values: Sequence[float]) -> str:
    return f"of {len(values)}"
