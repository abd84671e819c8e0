"""One whole run: the floor of the machine, the scenarios, the work that goes on behind requests, the budgets."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from habrio_local import secrets
from tests.bench import behind, floor, processes, starts, statements, wrk
from tests.bench.scenarios import (
    BUDGETS,
    IDLE_MEGABYTES_MAX,
    IMPORT_SECONDS_MAX,
    SCENARIOS,
    START_SECONDS_MAX,
    Budget,
    Scenario,
    Tokens,
)
from tests.bench.seed import World, seed
from tests.support.books import prove
from tests.support.stack import Stack, running_stack

WARM_SECONDS = 2.0
AGREEMENT_PERCENT = 15
"""Two runs in a row may differ by so much in a ratio; rates may differ by more, with the machine."""

SETTLE_SECONDS = 1.0
"""wrk ends in the middle of requests: the platform ends them before the same people ask again."""


@dataclass(frozen=True)
class Plan:
    """How much is measured: medians of `runs` runs of `seconds` each; only scenarios with `only` in their name."""

    runs: int
    seconds: float
    workers: int
    only: str = ""


@dataclass(frozen=True)
class Figures:
    """A scenario's medians: `rate` per second, latencies in ms, CPU ms of the platform for each request and by part,
    SQL statements for each request, errors in all runs together."""

    name: str
    rate: float
    p50: float
    p95: float
    p99: float
    errors: int
    cpu_ms: float
    cpu_of: Mapping[str, float]
    sql: float
    turns: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """What a budget may compare, as each run has it."""


@dataclass(frozen=True)
class Judged:
    """A budget and what came of it; no `value`: one of its scenarios was not run."""

    what: str
    bound: str
    value: float | None
    is_kept: bool


@dataclass
class Found:
    """Everything that a run found."""

    floor: dict[str, float] = field(default_factory=dict)
    figures: list[Figures] = field(default_factory=list)
    behind: dict[str, str] = field(default_factory=dict)
    idle_megabytes: dict[str, float] = field(default_factory=dict)
    busy_megabytes: dict[str, float] = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)
    budgets: list[Judged] = field(default_factory=list)


def measure_all(plan: Plan, folder: Path) -> Found:
    """Start a platform for the uncached scenarios and one for the cached, and measure everything."""
    found = Found()
    _say("the floor of this machine")
    found.floor = floor.measured(folder, seconds=plan.seconds)
    wanted = [scenario for scenario in SCENARIOS if plan.only in scenario.name]
    for is_cached in (False, True):
        some = [scenario for scenario in wanted if scenario.cached is is_cached]
        if some:
            _on_a_platform(plan, folder, found, some, is_cached=is_cached)
    found.budgets = [judged(budget, found.figures) for budget in BUDGETS]
    errors = sum(figures.errors for figures in found.figures)
    imports = [seconds for what, seconds in found.starts.items() if what != starts.AGAIN]
    found.budgets += [
        _at_most("answers that were errors", errors, 0),
        _at_most("MB that the idle platform takes (PSS)", sum(found.idle_megabytes.values()), IDLE_MEGABYTES_MAX),
        _at_most("seconds of the slowest import of a service", max(imports, default=0.0), IMPORT_SECONDS_MAX),
        _at_most("seconds of a second start", found.starts.get(starts.AGAIN, 0.0), START_SECONDS_MAX),
    ]
    return found


def _at_most(what: str, value: float, most: float) -> Judged:
    return Judged(what, f"≤ {most:g}", value, value <= most)


def _on_a_platform(plan: Plan, folder: Path, found: Found, scenarios: Sequence[Scenario], *, is_cached: bool) -> None:
    if not is_cached:
        _say("the idle platform")
        with running_stack({"WORKERS": "1"}) as stack:  # what `make run` starts
            found.idle_megabytes = _megabytes(stack)
            _say("how long it takes to start")
            found.starts = starts.measured(stack)
    environ = {"WORKERS": str(plan.workers), "CATALOGUE_CACHE_SECONDS": "1" if is_cached else "0"}
    with running_stack(environ) as stack, psycopg.connect(stack.admin_dsn, autocommit=True) as database:
        _say("seeding")
        began = time.monotonic()
        world = seed(database) if not is_cached else seed(database, histories=(200,))
        problems = prove(stack).problems
        assert not problems, problems[:5]
        found.behind[f"seeding {len(world.histories)} histories, ledgers verified"] = (
            f"{time.monotonic() - began:.0f} s"
        )
        meters = [_Meter(folder, stack, scenario, world) for scenario in scenarios]
        found.figures += _measured(plan, database, meters)
        if not is_cached:
            found.busy_megabytes = _megabytes(stack)
            if not plan.only:
                found.behind |= behind.measured(stack, database)
        problems = prove(stack).problems
        assert not problems, problems[:5]


class _Meter:
    """One scenario on one platform, run again and again."""

    def __init__(self, folder: Path, stack: Stack, scenario: Scenario, world: World) -> None:
        kept = secrets.load_or_make(stack.home.secrets_file, {})
        made = Tokens(kept["JWT_SECRET"], kept["INTERNAL_SECRET"])
        self.scenario = scenario
        self._folder, self._stack = folder, stack
        self._url = stack.url if scenario.to == "nginx" else stack.service_url(scenario.to)
        self._walks = partial(scenario.walks, world, made)
        self._sql = 0.0
        self._runs: list[wrk.Run] = []
        self._used: list[dict[str, float]] = []

    def warm_up(self, database: psycopg.Connection[Any]) -> None:
        with statements.logged(database):
            self._sql = statements.per_request(self._stack, database, self._walks(), self._url)
        self._ran(WARM_SECONDS)

    def run(self, seconds: float) -> None:
        time.sleep(SETTLE_SECONDS)
        before = processes.cpu_seconds(self._stack)
        run = self._ran(seconds)
        after = processes.cpu_seconds(self._stack)
        self._runs.append(run)
        self._used.append({part: (after[part] - before[part]) / run.requests * 1000 for part in after})

    def _ran(self, seconds: float) -> wrk.Run:
        return wrk.run(self._folder, self._url, self._walks(), connections=self.scenario.connections, seconds=seconds)

    def figures(self) -> Figures:
        return Figures(
            name=self.scenario.name,
            rate=median(run.rate for run in self._runs),
            p50=median(run.p50 for run in self._runs),
            p95=median(run.p95 for run in self._runs),
            p99=median(run.p99 for run in self._runs),
            errors=sum(run.errors for run in self._runs),
            cpu_ms=median(sum(parts.values()) for parts in self._used),
            cpu_of={part: median(parts[part] for parts in self._used) for part in self._used[0]},
            sql=round(self._sql, 1),
            turns={
                "rate": tuple(run.rate for run in self._runs),
                "p50": tuple(run.p50 for run in self._runs),
                "cpu_ms": tuple(sum(parts.values()) for parts in self._used),
                "sql": (self._sql,),
            },
        )


def _measured(plan: Plan, database: psycopg.Connection[Any], meters: Sequence[_Meter]) -> list[Figures]:
    """All scenarios in turn, and that several times: a machine that is slower for a while is so for all of them."""
    for meter in meters:
        _say(f"warming up: {meter.scenario.name}")
        meter.warm_up(database)
    for number in range(1, plan.runs + 1):
        _say(f"run {number} of {plan.runs}")
        for meter in meters:
            meter.run(plan.seconds)
    return [meter.figures() for meter in meters]


def judged(budget: Budget, figures: Sequence[Figures]) -> Judged:
    """What this run says of the budget; one whose scenarios were left out is kept."""
    known = {of.name: of.turns[budget.figure] for of in figures}
    bound = f"≥ {budget.least}" if budget.least is not None else f"≤ {budget.most}"
    above, below = known.get(budget.above), known.get(budget.below)
    if above is None or below is None or not (all(below) or budget.is_difference):
        return Judged(budget.what, bound, None, is_kept=True)
    turns = zip(above, below, strict=True)
    value = median(one - other if budget.is_difference else one / other for one, other in turns)
    is_kept = (budget.least is None or value >= budget.least) and (budget.most is None or value <= budget.most)
    return Judged(budget.what, bound, value, is_kept)


@dataclass(frozen=True)
class Agreed:
    """What two runs in a row say of one ratio."""

    what: str
    first: float
    second: float

    @property
    def percent(self) -> float:
        """By how much the second differs from the first."""
        return (self.second / self.first - 1) * 100 if self.first else 0.0

    @property
    def is_kept(self) -> bool:
        return abs(self.percent) <= AGREEMENT_PERCENT


def agreement(first: Found, second: Found) -> list[Agreed]:
    """The ratios of the budgets, as both runs have them; differences and sums are no ratios."""
    ratios = {budget.what for budget in BUDGETS if not budget.is_difference}
    again = {judged.what: judged.value for judged in second.budgets}
    return [
        Agreed(judged.what, judged.value, value)
        for judged in first.budgets
        if judged.what in ratios and judged.value is not None and (value := again[judged.what]) is not None
    ]


def _megabytes(stack: Stack) -> dict[str, float]:
    by_part = {name: processes.pss_megabytes([pid]) for name, pid in stack.pids().items()}
    return by_part | {"supervisor": processes.own_pss_megabytes(stack.supervisor_pid())}


def _say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)
