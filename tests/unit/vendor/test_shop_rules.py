"""Tags and hours."""

from __future__ import annotations

import pytest

from habrio_vendor.shops.rules import day_hours, tag_keys, tags_of


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
