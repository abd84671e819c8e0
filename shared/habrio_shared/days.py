"""Days of a time zone, and counting by them in one query on either database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator
from sqlalchemy import Integer, Subquery, literal, select, union_all

from habrio_shared.database import UtcDateTime
from habrio_shared.schemas import DAY_SCHEMA, Day, Query
from habrio_shared.settings import ZoneName

DAYS_MAX = 366

OurDay = Annotated[Day, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31)), DAY_SCHEMA]
"""A day far from the ends of the calendar, beyond which a change of zone falls."""


class Bounds(NamedTuple):
    """A day, from its first instant up to that of the next, which is not its own."""

    day: date
    starts_at: datetime
    ends_at: datetime


class DaysQuery(Query):
    """The days from `since` to `until`, both included, at most 366, of `zone`."""

    since: OurDay
    until: OurDay
    zone: ZoneName

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_days(self.since, self.until)
        return self

    @property
    def bounds(self) -> list[Bounds]:
        return bounds(self.since, self.until, ZoneInfo(self.zone))


def check_days(since: date, until: date) -> None:
    """ValueError unless these are 1 to 366 days in order."""
    if until < since:
        raise ValueError("must be given in order: until not before since")
    if (until - since).days >= DAYS_MAX:
        raise ValueError(f"must be at most {DAYS_MAX}")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day, in UTC; where clocks are put forward at midnight that is 1 o'clock."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def bounds(since: date, until: date, zone: ZoneInfo) -> list[Bounds]:
    """Each day from `since` to `until`."""
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return [Bounds(day, midnight(day, zone), midnight(day + timedelta(days=1), zone)) for day in days]


def as_rows(of_days: list[Bounds]) -> Subquery:
    """The days as rows to join with: `number` from 0 in their order, `starts_at`, `ends_at`."""
    rows = [
        select(
            literal(number, Integer()).label("number"),
            literal(of_day.starts_at, UtcDateTime()).label("starts_at"),
            literal(of_day.ends_at, UtcDateTime()).label("ends_at"),
        )
        for number, of_day in enumerate(of_days)
    ]
    return union_all(*rows).subquery("days")
