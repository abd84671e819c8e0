"""Tags, hours and ratings."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from habrio_vendor.shops.rules import WeekTime, average_rating, day_hours, tag_keys, tags_of, week_time


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", []),
        (" , ,,", []),
        ("Dairy", ["dairy"]),
        (" Dairy ,  Fresh   MILK,dairy", ["dairy", "fresh milk", "dairy"]),
        ("Straße", ["strasse"]),
    ],
)
def test_tags_are_compared_without_regard_to_case_and_spacing(text: str, tags: list[str]) -> None:
    assert tags_of(text) == tags


def test_a_whole_tag_is_found_and_a_part_of_one_is_not() -> None:
    assert tag_keys("Milk, Fresh milk") == ",milk,fresh milk,"
    assert ",mil," not in tag_keys("Milk")
    assert tag_keys(" , ") == ""


@pytest.mark.parametrize("closed", [(None, None), ("Closed", "Closed"), ("closed", None), (None, "CLOSED"), ("", "")])
def test_a_day_may_be_closed(closed: tuple[str | None, str | None]) -> None:
    assert day_hours(*closed) is None


@pytest.mark.parametrize("open_day", [("00:00", "23:59"), ("09:00", "21:30"), ("18:00", "02:00"), ("00:00", "00:00")])
def test_a_day_may_have_hours(open_day: tuple[str, str]) -> None:
    assert day_hours(*open_day) == open_day


@pytest.mark.parametrize(
    "wrong",
    [
        *(("09:00", None), (None, "10:00"), ("Closed", "10:00"), ("09:00", "Closed"), ("9:00", "10:00")),
        *(("24:00", "10:00"), ("09:60", "10:00"), ("09:00:00", "10:00"), ("٠٩:00", "10:00"), ("0900", "1000")),
        *(("09:00 ", "10:00"), ("09:00\n", "10:00"), ("am", "pm")),
    ],
)
def test_anything_else_is_no_day(wrong: tuple[str | None, str | None]) -> None:
    with pytest.raises(ValueError, match="time"):
        day_hours(*wrong)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-22T18:29:59", WeekTime(6, "23:59")),
        ("2026-11-22T18:30:00", WeekTime(0, "00:00")),
        ("2026-11-23T04:05:59", WeekTime(0, "09:35")),
    ],
)
def test_a_minute_of_the_week_is_that_of_the_time_zone(instant: str, expected: WeekTime) -> None:
    now = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert week_time(now, ZoneInfo("Asia/Kolkata")) == expected


def test_a_week_goes_round() -> None:
    assert [WeekTime(day, "00:00").day_before for day in (0, 1, 6)] == [6, 0, 5]


def test_summer_time_is_the_zones_affair() -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert week_time(datetime(2026, 1, 5, 22, 59, tzinfo=UTC), zone) == WeekTime(0, "23:59")
    assert week_time(datetime(2026, 7, 6, 22, 0, tzinfo=UTC), zone) == WeekTime(1, "00:00")


@pytest.mark.parametrize(
    ("total", "count", "average"), [(0, 0, None), (5, 1, 5), (9, 2, 4.5), (13, 3, 4.33), (14, 3, 4.67), (3, 3, 1)]
)
def test_an_average_has_two_decimals_and_is_missing_without_ratings(
    total: int, count: int, average: float | None
) -> None:
    assert average_rating(total, count) == average
