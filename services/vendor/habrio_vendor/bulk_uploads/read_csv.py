"""Reads a .csv file: UTF-8, commas, quotation marks as RFC 4180 has them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

from habrio_vendor.bulk_uploads.errors import Unreadable
from habrio_vendor.bulk_uploads.rules import CELL_CHARACTERS_MAX, COLUMNS_MAX, OLE_MAGIC, ROWS_MAX, ZIP_MAGIC, Row

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS = "in a spreadsheet program choose “CSV UTF-8” when saving"


@contextmanager
def read_csv(content: bytes) -> Iterator[Iterator[Row]]:
    """The rows that hold anything, header first; Unreadable.

    All of it is looked at before the first row is given: a file that breaks off creates nothing. A field may hold
    131,072 characters (the csv module's bound), and an open quotation mark is an error, for it would swallow rows.
    """
    _check_encoding(content)
    count = -1
    for number, row in _rows(content):
        if len(row) > COLUMNS_MAX:
            raise Unreadable(f"Row {number} has {len(row)} cells; {COLUMNS_MAX} columns are the most")
        count += 1
        if count > ROWS_MAX:
            raise Unreadable(f"The file has more than {ROWS_MAX} rows; send it in parts")
    if count < 0:
        raise Unreadable("The file is empty")
    yield ((number, [cell[:CELL_CHARACTERS_MAX] for cell in row]) for number, row in _rows(content))


def _check_encoding(content: bytes) -> None:
    if content.startswith((ZIP_MAGIC, OLE_MAGIC)):
        raise Unreadable("This is an Excel workbook; its name must end in .xlsx or .xls, not in .csv")
    if content.startswith(UTF_16_MARKS) or b"\0" in content[:2]:
        raise Unreadable(f"The file is not UTF-8 but seems to be UTF-16; {SAVE_AS}")
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        row = max(1, sum(1 for _ in csv.reader(io.StringIO(before, newline=""))))
        row += before.endswith(("\n", "\r"))
        raise Unreadable(f"Row {row} has a character that is not UTF-8; {SAVE_AS}") from error


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""), strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error as error:
        raise Unreadable(f"Row {number + 1}: {_reason(error)}") from error


def _reason(error: csv.Error) -> str:
    if "field larger" in str(error):
        return "a cell is too long"
    return "the quotation marks are not in pairs, or something stands between one and the next comma"
