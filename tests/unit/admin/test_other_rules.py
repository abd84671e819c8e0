"""Spreadsheets, spans of days, and one list of several services' messages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from habrio_admin.events.rules import cursor_of, moment_of, page_of
from habrio_admin.stats.rules import csv_of, span

START = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(begin: str) -> None:
    assert csv_of(["a", "b"], [[f"{begin}1+1", -5]]).decode().split("\r\n", 1)[1].replace('"', "") == (
        f"'{begin}1+1,-5\r\n"
    )


def test_cells_with_commas_and_quotes_are_quoted() -> None:
    assert csv_of(["a"], [['x,"y"']]) == b'a\r\n"x,""y"""\r\n'


def test_thirty_days_end_today_unless_days_are_given() -> None:
    today, day = date(2026, 11, 23), date(2026, 1, 10)
    assert span(None, None, today) == (date(2026, 10, 25), today)
    assert span(day, None, today) == (day, today)
    assert span(None, day, today) == (date(2025, 12, 12), day)
    assert span(day, day, today) == (day, day)


def test_an_instant_goes_into_a_cursor_and_back() -> None:
    moment = START + timedelta(microseconds=1)
    assert moment_of(cursor_of(moment)) == moment
    with pytest.raises(ValueError, match="no cursor"):
        moment_of(2**53 * 1000)


def test_pages_of_one_list_lose_nothing_and_repeat_nothing() -> None:
    found = [START + timedelta(seconds=second) for second in (5, 3, 3, 3, 1)]
    seen: list[datetime] = []
    rest, cursor = found, None
    while True:
        page, cursor = page_of(rest, 2, lambda moment: moment)
        seen += page
        if cursor is None:
            break
        rest = [moment for moment in found if moment < moment_of(cursor)]
    assert seen == found
