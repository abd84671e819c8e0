"""What a sheet's cells mean. Pure: a cell is text, a number, true or false, or None, wherever it was read from."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal

Cell = str | int | float | bool | None
Row = tuple[int, Sequence[Cell]]
"""A row's number as the spreadsheet counts, and its cells."""

ENDINGS = ("csv", "xls", "xlsx")
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
"""How .xlsx and .xls files begin; an .xlsx with a password is inside the latter."""

ROWS_MAX = 50_000
"""Rows of one file that hold anything, the header not counted (issue: 50,000 rows within 60 s and 200 MB)."""

COLUMNS_MAX = 256
CELL_CHARACTERS_MAX = 5_000
"""A longer text is cut: no field takes half as much, so the schema refuses it all the same."""

BATCH_ROWS = 500
BAD_ROWS_KEPT = 1_000
"""So many bad rows are described one by one; all are counted."""

PRICES = frozenset({"price", "mrp", "discount"})
COUNTS = frozenset({"quantity_in_stock"})
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")
SHEET_DIGITS = 15
"""A spreadsheet keeps and shows so many significant digits; the rest of a float is noise of its arithmetic."""


def ending_of(filename: str) -> str | None:
    """ "csv", "xls" or "xlsx" by the name's ending, in any case; None for any other."""
    _, dot, ending = filename.strip().rpartition(".")
    return ending.lower() if dot and ending.lower() in ENDINGS else None


def is_blank(cell: Cell) -> bool:
    """Nothing, or only white space: "not given" (API.md)."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def places(header: Sequence[Cell], columns: Collection[str]) -> tuple[dict[str, int], list[str]]:
    """Where each known column stands in the header row, and those that stand there twice.

    "Pack Size", " pack-size " and "PACK_SIZE" are all `pack_size`; what is not among `columns` is passed over.
    """
    found: dict[str, int] = {}
    twice: list[str] = []
    for place, cell in enumerate(header):
        name = re.sub(r"[\s_-]+", "_", str(cell).strip()).lower()
        if name in found:
            twice.append(name)
        elif name in columns:
            found[name] = place
    return found, twice


def value(column: str, cell: Cell) -> object:
    """What the item's schema is given for a cell that is not blank.

    Numbers are taken as the sheet has them. "₹ 10" and "1,000" stay text, which the schema refuses: whether a comma
    parts thousands or paise is not ours to guess. Numbers in columns of text become the digits that the sheet shows.
    A text that begins with = + - or @ stays as it is: it is sent to apps as JSON, where it is only text, and the single
    call takes it too ("-5% today"). Whoever writes items into a file that spreadsheets open has to quote it there.
    """
    if column in PRICES:
        return _number(cell)
    if column in COUNTS:
        number = _number(cell)
        is_whole = isinstance(number, Decimal) and number.is_finite() and number == number.to_integral_value()
        return int(number) if is_whole else number  # type: ignore[arg-type]  # a whole number is a Decimal
    return _text(cell)


def _number(cell: Cell) -> Cell | Decimal:
    if isinstance(cell, float):
        return _rounded(cell)
    if isinstance(cell, str) and PLAIN_NUMBER.fullmatch(cell.strip()):
        return Decimal(cell.strip())
    return cell


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(_rounded(cell), "f")
    return str(cell)


def _rounded(number: float) -> Decimal:
    return Decimal(format(number, f".{SHEET_DIGITS}g"))
