"""What the overview shows: each section by itself, so that one service that is away hides no more than its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Generic, TypeVar

from flask import current_app

from habrio_admin.events.list_failing import list_failing
from habrio_admin.events.schemas import FailingData, FailingQuery
from habrio_admin.ledger.schemas import VerdictOut
from habrio_admin.ledger.verify import verify
from habrio_admin.reviews.list_waiting import list_waiting
from habrio_admin.reviews.schemas import ReviewsOut, ReviewsQuery
from habrio_admin.stats.daily import daily
from habrio_shared.errors import BadGateway, Unavailable

SHOWN_MAX = 20
VERDICT_LIFE = timedelta(minutes=5)
"""So long a proof is shown again before the ledgers are proven anew: a long ledger takes a while."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Section(Generic[T]):
    """What was asked for; or, without it, why it is not there."""

    content: T | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of each day, oldest first: the last is today's. `is_money`: in paise."""

    label: str
    values: Sequence[int]
    is_money: bool = False

    @property
    def today(self) -> int:
        return self.values[-1]

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures, and the days that they are of."""

    days: Sequence[date]
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Overview:
    figures: Section[Figures]
    reviews: Section[ReviewsOut]
    failing: Section[tuple[list[FailingData], int | None]]
    verdict: Section[VerdictOut]


def overview(*, prove_anew: bool) -> Overview:
    """Everything that is to be had now. `prove_anew`: the ledgers, whatever was found a moment ago."""
    return Overview(
        figures=_section(_figures),
        reviews=_section(lambda: list_waiting(ReviewsQuery(limit=SHOWN_MAX))),
        failing=_section(lambda: list_failing(FailingQuery(limit=SHOWN_MAX))),
        verdict=_section(lambda: _verdict(anew=prove_anew)),
    )


def _section(question: Callable[[], T]) -> Section[T]:
    try:
        return Section(question())
    except (Unavailable, BadGateway) as error:
        return Section(None, error.message)


def _figures() -> Figures:
    days = daily(None, None)[::-1]
    return Figures(
        days=[day.day for day in days],
        figures=[
            Figure("Orders", [day.orders for day in days]),
            Figure("Value", [day.value for day in days], is_money=True),
            Figure("Cancellations", [day.cancellations for day in days]),
            Figure("New people", [day.new_users for day in days]),
        ],
    )


def _verdict(*, anew: bool) -> VerdictOut:
    """Of this process; two that prove at once do no harm to each other."""
    kept: VerdictOut | None = current_app.extensions.get("habrio_verdict")
    if kept is None or anew or kept.checked_at < datetime.now(UTC) - VERDICT_LIFE:
        kept = current_app.extensions["habrio_verdict"] = verify()
    return kept
