"""Which dates of birth can be."""

from __future__ import annotations

from datetime import date

EARLIEST = date(1900, 1, 1)


def is_date_of_birth(day: date, today: date) -> bool:
    """Whether somebody alive may have been born that day: from 1900 to today."""
    return EARLIEST <= day <= today
