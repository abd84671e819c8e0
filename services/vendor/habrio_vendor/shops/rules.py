"""Tags, hours and ratings: how they are written, compared, checked and shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

CLOSED = "closed"
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class WeekTime:
    """A minute of the week where the shops are: `day_of_week` 0 is Monday, `time` is "HH:MM"."""

    day_of_week: int
    time: str

    @property
    def day_before(self) -> int:
        """The day from which hours may reach past midnight into this one."""
        return (self.day_of_week - 1) % 7


def week_time(now: datetime, zone: tzinfo) -> WeekTime:
    """The minute of the week that an aware instant is in `zone`."""
    local = now.astimezone(zone)
    return WeekTime(local.weekday(), f"{local:%H:%M}")


def tags_of(text: str) -> list[str]:
    """The tags in comma-separated text, as they are compared: "Dairy, Fresh  Milk" → dairy, fresh milk."""
    tags = (" ".join(part.casefold().split()) for part in text.split(","))
    return [tag for tag in tags if tag]


def tag_keys(text: str) -> str:
    """`category_tags` as it is searched: each tag between two commas, so that ",milk," is found and ",mil," is not."""
    tags = tags_of(text)
    return f",{','.join(tags)}," if tags else ""


def average_rating(rating_sum: int, rating_count: int) -> float | None:
    """The average of so many ratings, to two decimals; None as long as there is none."""
    return round(rating_sum / rating_count, 2) if rating_count else None


def day_hours(open_time: str | None, close_time: str | None) -> tuple[str, str] | None:
    """The hours of one day, or None if the shop stays closed: both times absent, empty or "Closed".

    A closing time before the opening one is of the next day, the same time means round the clock. ValueError if only
    one is given or one is not "HH:MM".
    """
    given = [None if not time or time.casefold() == CLOSED else time for time in (open_time, close_time)]
    opens, closes = given
    if opens is None and closes is None:
        return None
    if opens is None or closes is None:
        raise ValueError("give both open_time and close_time, or neither for a day on which the shop is closed")
    for time in (opens, closes):
        if not TIME.fullmatch(time):
            raise ValueError('a time is written "HH:MM", from 00:00 to 23:59')
    return opens, closes
