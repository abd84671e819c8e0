"""A sheet as everything here sees it, whatever kind of file it came from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from habrio_vendor.bulk_uploads.errors import MissingColumns
from habrio_vendor.bulk_uploads.read_csv import read_csv
from habrio_vendor.bulk_uploads.read_workbook import read_workbook
from habrio_vendor.bulk_uploads.rules import Row, places
from habrio_vendor.bulk_uploads.schemas import COLUMNS


@dataclass(frozen=True)
class Sheet:
    """`places`: where each known column stands; `width`: how many cells the header has; `rows` that hold anything."""

    places: dict[str, int]
    width: int
    rows: Iterator[Row]


@contextmanager
def opened(ending: str, content: bytes, *, header_only: bool = False) -> Iterator[Sheet]:
    """The sheet in the file; Unreadable, MissingColumns.

    All of it has been looked at before this returns, so that a file that breaks off creates nothing; only the cells of
    a row may still be wrong. `header_only`: there may be no rows.
    """
    with read_csv(content) if ending == "csv" else read_workbook(ending, content, header_only=header_only) as rows:
        _, header = next(rows)
        found, twice = places(header, COLUMNS)
        missing = [name for name, is_required in COLUMNS.items() if is_required and name not in found]
        if missing:
            raise MissingColumns(
                f"The first row must name the columns; there is no column {' and no column '.join(missing)}."
                " In a .csv file the names are parted by commas"
            )
        if twice:
            raise MissingColumns(f"The column {twice[0]} stands twice in the first row")
        yield Sheet(found, len(header), rows)
