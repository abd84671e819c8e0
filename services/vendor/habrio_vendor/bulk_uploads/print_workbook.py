"""The program that reads a workbook, run as a process of its own: `python -m … <ending> all` (or `header`).

The file is its input, lines of JSON its output.

What a stranger made is read by a parser that allocates what the file demands: two cells in opposite corners of a sheet
ask for 500 GB, and that ends the process, whoever it is. So this process has no secrets, no database, little memory
and little time; its end is a sentence for the vendor and nothing else. The first line out is {"refused": sentence} or
the header; every line is [number of the row, cells], rows that hold nothing are left out.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from habrio_vendor.bulk_uploads.rules import (
    CELL_CHARACTERS_MAX,
    COLUMNS_MAX,
    OLE_MAGIC,
    ROWS_MAX,
    ZIP_MAGIC,
    Cell,
    is_blank,
)

MEMORY_MAX_BYTES = 256 * 1024 * 1024
CPU_MAX_SECONDS = 20
PRINTED_MAX_BYTES = 64 * 1024 * 1024

PARTS_MAX = 1_000
UNPACKED_MAX_BYTES = 100 * 1024 * 1024
"""50,000 rows of 14 columns unpack to 37 MB."""

RATIO_MAX = 100
RATIO_FROM_BYTES = 1024 * 1024
"""Sheets shrink to a tenth, seldom to a thirtieth; what is smaller than this may shrink as it likes."""

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Refused(Exception):
    """Says why, in a sentence."""


def main() -> None:
    """Read standard input, print rows."""
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, CPU_MAX_SECONDS),
        (resource.RLIMIT_AS, MEMORY_MAX_BYTES),
        (resource.RLIMIT_FSIZE, PRINTED_MAX_BYTES),
    ):
        with contextlib.suppress(ValueError, OSError):  # a system without this limit, or with a lower one
            resource.setrlimit(limit, (most, most))
    try:
        for number, cells in rows(sys.argv[1], sys.stdin.buffer.read()):
            sys.stdout.write(json.dumps([number, cells]) + "\n")
            if sys.argv[2] == "header":
                break
    except Refused as refused:
        sys.stdout.write(json.dumps({"refused": str(refused)}) + "\n")


def rows(ending: str, content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of the first sheet that hold anything, numbered as the spreadsheet does; Refused."""
    check(ending, content)
    sheet = first_sheet(content)
    if sheet is None or sheet.start is None:
        raise Refused("The first sheet of the workbook is empty")
    if sheet.width > COLUMNS_MAX:
        raise Refused(f"The sheet has {sheet.width} columns; {COLUMNS_MAX} are the most")
    filled = -1
    for row in sheet.iter_rows():
        filled += any(cell != "" for cell in row)
    if filled > ROWS_MAX:
        raise Refused(f"The sheet has more than {ROWS_MAX} rows; send it in parts")
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [plain(cell) for cell in row]
        if not all(map(is_blank, cells)):
            yield number, cells


def first_sheet(content: bytes) -> Any:
    """The workbook's first sheet, loaded; Refused for a file that is none, and for one with a password."""
    from python_calamine import CalamineError, PasswordError, load_workbook  # noqa: PLC0415 — after the limits are set

    try:
        return load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
    except PasswordError as error:
        raise Refused("The workbook has a password; save it without one") from error
    except (CalamineError, IndexError) as error:
        raise Refused("The file is damaged, or no workbook, or its first sheet holds no cells") from error


def check(ending: str, content: bytes) -> None:
    """Refused for a file that is something other than its name says, and for one that unpacks to too much."""
    if content.startswith(OLE_MAGIC):
        if ENCRYPTED in content:
            raise Refused("The workbook has a password; save it without one")
        if ending != "xls":
            raise Refused(f"This is an .xls workbook; its name must not end in .{ending}")
    elif content.startswith(ZIP_MAGIC):
        if ending != "xlsx":
            raise Refused(f"This is an .xlsx workbook; its name must not end in .{ending}")
        check_zip(content)
    elif content.strip():
        raise Refused(f"This is no .{ending} workbook, whatever its name says")
    else:
        raise Refused("The file is empty")


def check_zip(content: bytes) -> None:
    """Refused for what would unpack to too much by its own directory; one that lies meets the limits of the process."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Refused("The workbook is damaged") from error
    if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_MAX_BYTES:
        raise Refused("The workbook unpacks to too much; send it in parts")
    for part in parts:
        if part.flag_bits & 1:
            raise Refused("The workbook has a password; save it without one")
        if part.file_size > RATIO_FROM_BYTES and part.file_size > RATIO_MAX * max(part.compress_size, 1):
            raise Refused("The workbook unpacks to too much; send it in parts")


def plain(cell: Any) -> Cell:
    """The cell as JSON has it: days and times as ISO text, an empty cell and a formula's error as nothing."""
    if isinstance(cell, str):
        return cell[:CELL_CHARACTERS_MAX] or None
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return cell  # type: ignore[no-any-return]  # what is left is a number or a truth


if __name__ == "__main__":
    main()
