"""What a run says when it is over: a verdict first, then what it did, found and measured."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass

from tests.chaos.client import Tally
from tests.chaos.figures import Measured, figures

CLEAN, VIOLATED, INCONCLUSIVE = 0, 1, 2
ORDERS_A_SECOND_MIN = 0.4
SECONDS_A_STRIKE_MAX = 20.0
UNKNOWN_A_STRIKE_MIN = 0.5
SHOWN_MAX = 40


@dataclass
class Report:
    """A run's outcome. `exit_code`: 0 clean, 1 violations, 2 too little happened to say anything."""

    seed: int
    plant: str
    people: int
    tally: Tally
    measured: Measured
    load_before: float
    load_after: float

    @property
    def orders(self) -> int:
        return len(self.measured.order_times)

    @property
    def too_little(self) -> list[str]:
        """What there was too little of."""
        measured, unknown = self.measured, self.tally.unknown.total()
        wanted = {
            "orders": (self.orders, measured.seconds * ORDERS_A_SECOND_MIN),
            "strikes": (len(measured.blows), measured.seconds / SECONDS_A_STRIKE_MAX),
            "unknown outcomes": (unknown, len(measured.blows) * UNKNOWN_A_STRIKE_MIN),
            "looks at the books": (measured.looks, measured.seconds / 30),
        }
        return [
            f"{has} {what}, at least {least:.0f} are needed" for what, (has, least) in wanted.items() if has < least
        ]

    @property
    def exit_code(self) -> int:
        if self.tally.violations:
            return VIOLATED
        return INCONCLUSIVE if self.too_little else CLEAN

    def markdown(self) -> str:
        """The whole report."""
        words = {CLEAN: "clean", VIOLATED: "violations", INCONCLUSIVE: "inconclusive"}[self.exit_code]
        parts = [
            f"# Chaos: {words}",
            f"seed {self.seed}, {self.measured.seconds:.0f} s, {self.people} people, planted: {self.plant or None}, "
            f"{os.cpu_count()} cores, load {self.load_before:.1f} before and {self.load_after:.1f} after",
            self._summary(),
            self._violations(),
            self._table(),
            self._operations(),
            _counted("Strikes", Counter(f"{blow.kind} {blow.target}" for blow in self.measured.blows)),
            _counted("Refusals", self.tally.refusals),
            _counted("Answers by status", self.tally.tries),
        ]
        return "\n\n".join(parts) + "\n"

    def _summary(self) -> str:
        measured = self.measured
        kills = sum(blow.killed for blow in measured.blows)
        return "\n".join(
            [
                f"* {self.orders} orders, {len(measured.blows)} strikes of which {kills} kills",
                f"* {self.tally.ended.total()} operations, {self.tally.unknown.total()} of them unknown for a while",
                f"* {measured.looks} looks at the books in a snapshot, {measured.looks_in_vain} more in vain "
                "(the database was away)",
                f"* {len(self.tally.violations)} violations",
                *(f"* inconclusive: {lack}" for lack in self.too_little),
            ]
        )

    def _violations(self) -> str:
        found = self.tally.violations
        more = [f"* … and {len(found) - SHOWN_MAX} more"] if len(found) > SHOWN_MAX else []
        return "\n".join(["## Violations", "", *([f"* {words}" for words in found[:SHOWN_MAX]] or ["none"]), *more])

    def _table(self) -> str:
        rows = ["## Measured", "", "| what | wanted | measured | | |", "| --- | --- | --- | --- | --- |"]
        for figure in figures(self.measured):
            wanted = "" if figure.wanted_seconds is None else f"≤ {figure.wanted_seconds:g} s"
            has = "–" if figure.measured_seconds is None else f"{figure.measured_seconds:.2f} s"
            rows.append(
                f"| {figure.what} | {wanted} | {has} | {figure.of} | {'' if figure.is_reached else '**missed**'} |"
            )
        return "\n".join(rows)

    def _operations(self) -> str:
        tally = self.tally
        kinds = sorted({kind for kind, _ in tally.ended} | set(tally.unknown))
        rows = ["## Operations", "", "| kind | ok | failed | unknown for a while |", "| --- | --- | --- | --- |"]
        rows += [
            f"| {kind} | {tally.ended[kind, 'ok']} | {tally.ended[kind, 'failed']} | {tally.unknown[kind]} |"
            for kind in kinds
        ]
        return "\n".join(rows)


def _counted(title: str, counter: Counter[str]) -> str:
    lines = [f"* {what}: {number}" for what, number in sorted(counter.items())]
    return "\n".join([f"## {title}", "", *(lines or ["none"])])
