"""Which days are meant, and how figures are written for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

DAYS_DEFAULT = 30
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def span(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The days that are meant: up to today unless an end is given, 30 unless a beginning is."""
    last = until or today
    return since or last - timedelta(days=DAYS_DEFAULT - 1), last


def csv_of(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """RFC 4180 in UTF-8. A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return written.getvalue().encode()


def _harmless(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(FORMULA_BEGINS):
        return f"'{cell}"
    return cell
