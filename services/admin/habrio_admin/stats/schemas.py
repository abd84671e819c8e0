"""The figures on the wire."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from habrio_shared.days import OurDay
from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Answer, Query


class DailyQuery(Query):
    """Days of TIME_ZONE, both included, at most 366; the 30 days that end today unless they are given."""

    since: OurDay | None = Field(default=None, description='the first day, "YYYY-MM-DD"')
    until: OurDay | None = Field(default=None, description='the last day, "YYYY-MM-DD"')
    format: Literal["json", "csv"] | None = Field(default=None, description="otherwise the Accept header decides")


class DayData(BaseModel):
    """`orders` were placed that day and not refused, for `value` together; `cancellations` happened that day, of
    whichever day's orders; `new_users` logged in for the first time."""

    day: date
    orders: int
    value: RupeesOut
    cancellations: int
    new_users: int


class DailyOut(Answer):
    """Every day that was asked for, newest first."""

    time_zone: str
    days: list[DayData]
