"""How the failing messages of several services make one list, page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

T = TypeVar("T")


def cursor_of(moment: datetime) -> int:
    """An instant as a cursor: microseconds since 1970, exact until the year 2255."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(cursor: int) -> datetime:
    """The instant that a cursor stands for. ValueError beyond the calendar."""
    try:
        return EPOCH + cursor * MICROSECOND
    except OverflowError as error:
        raise ValueError("is no cursor of this list") from error


def page_of(found: Sequence[T], size: int, created_at: Callable[[T], datetime]) -> tuple[list[T], int | None]:
    """The first `size` of what was found, newest first, and the cursor of the following page (None at the end).

    What has the same instant as the last one belongs to its page, for the cursor is that instant.
    """
    newest = sorted(found, key=created_at, reverse=True)
    end = min(size, len(newest))
    while 0 < end < len(newest) and created_at(newest[end]) == created_at(newest[end - 1]):
        end += 1
    return newest[:end], cursor_of(created_at(newest[end - 1])) if end < len(newest) else None
