"""Files that are damaged, mistaken or made to hurt: each is refused at once, with a sentence that says what it is."""

from __future__ import annotations

import contextlib
import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable

import pytest
from sqlalchemy import select

from habrio_shared.database import reading
from habrio_vendor.bulk_uploads.models import BulkUpload
from habrio_vendor.bulk_uploads.read_workbook import AT_ONCE, _places
from habrio_vendor.bulk_uploads.rules import COLUMNS_MAX, OLE_MAGIC, ROWS_MAX
from tests.integration.vendor.people import World
from tests.integration.vendor.sheets import csv_of, items_of, send, uploaded, xls_of, xlsx_of

GOOD: list[list[object]] = [["title", "price"], ["Rice", 10]]
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_sheet(xml: bytes, *, part: str = SHEET) -> bytes:
    """A good workbook with another text as one of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_of(GOOD))) as book, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other:
        for name in book.namelist():
            other.writestr(name, xml if name == part else book.read(name))
    return made.getvalue()


def sheet_of(*cells: str) -> bytes:
    """The XML of a sheet with these cells, each in a row of its own; A1 and B1 name the columns."""
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c><c r="B1" t="inlineStr"><is><t>price</t></is>'
    rows = "".join(f"<row>{cell}</row>" for cell in cells)
    return f'<worksheet xmlns="{MAIN}"><sheetData>{header}</c></row>{rows}</sheetData></worksheet>'.encode()


def far_corner() -> bytes:
    """Two cells in opposite corners: a parser that keeps the rectangle between them needs 500 GB."""
    return with_sheet(sheet_of('<c r="XFD1048576"><v>1</v></c>'))


def bomb() -> bytes:
    """A sheet that unpacks to 120 MiB and says so."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    block = b" " * (1024 * 1024)
    checksum, packed = 0, b""
    for _ in range(120):
        checksum = zlib.crc32(block, checksum)
        packed += packer.compress(block)
    packed += packer.flush()
    return raw_zip(SHEET.encode(), packed, checksum, 120 * len(block))


def lying_bomb() -> bytes:
    """A workbook whose sheet unpacks to much more than its directory says, and then never ends."""
    cell = b'<c t="inlineStr"><is><t>' + b"x" * 30_000 + b"</t></is></c>"
    text = sheet_of().replace(b"</sheetData></worksheet>", b"") + b"<row>" + cell * 10_000
    made = bytearray(with_sheet(text))
    size = struct.pack("<L", len(text))
    assert made.count(size) >= 1
    return bytes(made.replace(size, struct.pack("<L", 4_000)))


def raw_zip(name: bytes, packed: bytes, checksum: int, size: int) -> bytes:
    """A zip file of one deflated part that says it unpacks to `size` bytes."""
    common = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 0, checksum, len(packed), size, len(name), 0)
    local = b"PK\3\4" + common + name + packed
    central = b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
    return local + central + b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local), 0)


def many_parts() -> bytes:
    made = io.BytesIO(xlsx_of(GOOD))
    with zipfile.ZipFile(made, "a") as book:
        for number in range(2_000):
            book.writestr(f"xl/media/{number}.bin", b"")
    return made.getvalue()


def laughs() -> bytes:
    """Entities within entities: 10^9 times "lol" in a parser that expands them."""
    entities = '<!ENTITY a0 "lol">' + "".join(
        f'<!ENTITY a{depth} "{f"&a{depth - 1};" * 10}">' for depth in range(1, 10)
    )
    laugh = '<c t="inlineStr"><is><t>&a9;</t></is></c><c><v>1</v></c>'
    return f"<!DOCTYPE worksheet [{entities}]>".encode() + sheet_of(laugh)


REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "an empty csv": ("i.csv", lambda: b"", "The file is empty"),
    "a csv of blank rows": ("i.csv", lambda: b"\n,,\n \n", "The file is empty"),
    "a csv with only a mark": ("i.csv", lambda: b"\xef\xbb\xbf", "The file is empty"),
    "an empty xlsx": ("i.xlsx", lambda: b"", "The file is empty"),
    "an xlsx of an empty sheet": ("i.xlsx", lambda: xlsx_of([]), "sheet of the workbook is empty"),
    "an xls of an empty sheet": ("i.xls", lambda: xls_of([]), "sheet of the workbook is empty"),
    "an xlsx with items on the second sheet": ("i.xlsx", lambda: xlsx_of([], GOOD), "sheet of the workbook is empty"),
    "no title": ("i.csv", lambda: csv_of([["name", "price"], ["Rice", 1]]), "there is no column title"),
    "no price": ("i.xlsx", lambda: xlsx_of([["title"], ["Rice"]]), "there is no column price"),
    "no header": ("i.csv", lambda: b"Rice,10\n", "no column title and no column price"),
    "semicolons": ("i.csv", lambda: b"title;price\nRice;10\n", "parted by commas"),
    "one column twice": ("i.csv", lambda: b"title,price,Price\nRice,10,11\n", "The column price stands twice"),
    "UTF-16": ("i.csv", lambda: csv_of(GOOD, "utf-16"), "seems to be UTF-16"),
    "UTF-16 without a mark": ("i.csv", lambda: csv_of(GOOD, "utf-16-le"), "seems to be UTF-16"),
    "cp1252": (
        "i.csv",
        lambda: csv_of([*GOOD, ["Dal", 1], ["Café", 1], ["Oil", 1]], "cp1252"),
        "Row 4 has a character",
    ),
    "cp1252 in the header": ("i.csv", lambda: csv_of([["title", "price", "Größe"]], "cp1252"), "Row 1 has a character"),
    "cp1252 after rows of many lines": (
        "i.csv",
        lambda: csv_of([["title", "price"], ["a\nb\nc", "1"], ["é", "1"]], "cp1252"),
        "Row 3 has a character",
    ),
    "an open quotation mark": ("i.csv", lambda: b'title,price\nRice,1\n"Dal,1\nOil,1\n', "Row 3: the quotation marks"),
    "text behind a quotation mark": ("i.csv", lambda: b'title,price\n"Dal"x,1\n', "Row 2: the quotation marks"),
    "a cell of 200,000 characters": ("i.csv", lambda: b"title,price\n" + b"x" * 200_000, "Row 2: a cell is too long"),
    "10^6 columns": ("i.csv", lambda: b"title,price" + b"," * 1_000_000, "Row 1 has 1000002 cells"),
    "10^6 columns in a row": ("i.csv", lambda: b"title,price\na" + b"," * 1_000_000, "Row 2 has 1000001 cells"),
    "10^6 rows": ("i.csv", lambda: b"title,price\n" + b"a,1\n" * 1_000_000, f"more than {ROWS_MAX} rows"),
    "many columns in a workbook": (
        "i.xlsx",
        lambda: xlsx_of([["title", "price", *range(COLUMNS_MAX)]]),
        f"{COLUMNS_MAX} are the most",
    ),
    "16,384 columns and two rows": (
        "i.xlsx",
        lambda: with_sheet(sheet_of('<c r="XFD2"><v>1</v></c>')),
        "16384 columns",
    ),
    "a workbook named csv": ("i.csv", lambda: xlsx_of(GOOD), "This is an Excel workbook"),
    "an old workbook named csv": ("i.csv", lambda: xls_of(GOOD), "This is an Excel workbook"),
    "a csv named xlsx": ("i.xlsx", lambda: csv_of(GOOD), "no .xlsx workbook"),
    "a csv named xls": ("i.xls", lambda: csv_of(GOOD), "no .xls workbook"),
    "an xlsx named xls": ("i.xls", lambda: xlsx_of(GOOD), "This is an .xlsx workbook"),
    "an xls named xlsx": ("i.xlsx", lambda: xls_of(GOOD), "This is an .xls workbook"),
    "a page named xls": ("i.xls", lambda: b"<html><table><tr><td>title</td></tr></table></html>", "no .xls workbook"),
    "a picture named csv": ("i.csv", lambda: b"\x89PNG\r\n\x1a\n" + b"\xff" * 99, "Row 1 has a character"),
    "a password": (
        "i.xlsx",
        lambda: OLE_MAGIC + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
        "has a password",
    ),
    "half an xlsx": ("i.xlsx", lambda: xlsx_of(GOOD)[:3000], "damaged"),
    "half an xls": ("i.xls", lambda: xls_of(GOOD)[:1000], "damaged"),
    "the beginning of an xls": ("i.xls", lambda: OLE_MAGIC + b"\xff" * 5000, "damaged"),
    "an xlsx without a sheet": ("i.xlsx", lambda: raw_zip(b"x", b"\3\0", 0, 0), "damaged"),
    "XML that is none": ("i.xlsx", lambda: with_sheet(b"<worksheet><sheetData><row"), "damaged"),
    "entities within entities": ("i.xlsx", lambda: with_sheet(laughs()), "damaged"),
    "a bomb": ("i.xlsx", bomb, "unpacks to too much"),
    "a bomb that lies": ("i.xlsx", lying_bomb, "damaged"),
    "two cells in opposite corners": ("i.xlsx", far_corner, "too much memory or time"),
    "thousands of parts": ("i.xlsx", many_parts, "unpacks to too much"),
    "another ending": ("i.pdf", lambda: csv_of(GOOD), ".csv, .xls or .xlsx"),
    "no ending": ("csv", lambda: csv_of(GOOD), ".csv, .xls or .xlsx"),
    "an ending of an ending": ("i.csv.exe", lambda: csv_of(GOOD), ".csv, .xls or .xlsx"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_no_sheet_is_refused_at_once(world: World, what: str) -> None:
    name, made, sentence = REFUSED[what]
    answer = send(world.vendor, made(), name, expect=400)
    assert sentence in answer["message"]
    assert answer["error"] in ("unreadable_file", "missing_columns", "unknown_file_ending")
    assert len(answer["message"]) < 300
    with world.app.app_context(), reading() as session:
        assert session.scalars(select(BulkUpload.id).where(BulkUpload.shop_id == world.shop_id)).all() == []


def test_requests_without_a_file_are_refused(world: World) -> None:
    path = "/vendor/item/bulk-upload"
    for options in (
        {},
        {"json": {"file": "x"}},
        {"data": {"other": (io.BytesIO(b"x"), "i.csv")}, "content_type": "multipart/form-data"},
        {"data": {"file": (io.BytesIO(b"x"), "")}, "content_type": "multipart/form-data"},
        {"data": {"file": "title,price"}, "content_type": "multipart/form-data"},
        {"data": b"title,price", "content_type": "text/csv"},
    ):
        assert world.vendor.raw("POST", path, **options).status_code == 400
    send(world.vendor, b"x" * 6 * 1024 * 1024, expect=413)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8_is_read_with_and_without_its_mark(world: World, encoding: str) -> None:
    rows = [["title", "price"], ["चावल, बासमती\n5 kg", "10"], ['5" pipe', "11"]]
    assert uploaded(world.vendor, csv_of(rows, encoding))["created"] == 2
    assert [item.title for item in items_of(world.app, world.shop_id)] == ["चावल, बासमती\n5 kg", '5" pipe']


def test_old_line_ends_and_spaces_in_the_header_are_read(world: World) -> None:
    content = b' TITLE , Price,"Pack-Size",pack_sizes\rRice,10,5 kg,x\rDal,11,,\r'
    assert uploaded(world.vendor, content)["created"] == 2
    assert [item.pack_size for item in items_of(world.app, world.shop_id)] == ["5 kg", ""]


def test_only_the_first_sheet_is_read_and_its_rows_keep_their_numbers(world: World) -> None:
    blank: list[object] = [None, None]
    rows: list[list[object]] = [blank, [None, "title", "price"], blank, [None, "Rice", 10], [None, "Dal", 0]]
    done = uploaded(world.vendor, xlsx_of(rows, [["title", "price"], ["Hidden", 1]]), "i.xlsx")
    assert [item.title for item in items_of(world.app, world.shop_id)] == ["Rice"]
    assert [(cell["row"], cell["column"]) for cell in done["bad_rows"]] == [(5, "price")]


def test_numbers_that_are_none_in_a_workbook_are_bad_cells(world: World) -> None:
    cells = [
        '<c t="inlineStr"><is><t>Rice</t></is></c>' + price
        for price in (
            *(f"<c><v>{text}</v></c>" for text in ("NaN", "inf", "-inf", "1e400", "1e300", "-1", "0")),
            '<c t="e"><v>#N/A</v></c>',
            '<c t="b"><v>1</v></c>',
        )
    ]
    done = uploaded(world.vendor, with_sheet(sheet_of(*cells)), "i.xlsx")
    assert (done["state"], done["rows_bad"], done["created"]) == ("done", len(cells), 0)
    assert {cell["column"] for cell in done["bad_rows"]} == {"price"}


def test_a_workbook_that_takes_too_long_to_open_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("habrio_vendor.bulk_uploads.read_workbook.READ_SECONDS", 0.01)
    assert "too much memory or time" in send(world.vendor, xlsx_of(GOOD), "i.xlsx", expect=400)["message"]


def test_a_workbook_that_finds_no_free_place_is_a_503(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("habrio_vendor.bulk_uploads.read_workbook.WAIT_SECONDS", 0.0)
    with contextlib.ExitStack() as taken:
        for _ in range(AT_ONCE):
            taken.enter_context(_places)
        assert send(world.vendor, xlsx_of(GOOD), "i.xlsx", expect=503)["error"] == "service_unavailable"
    assert uploaded(world.vendor, xlsx_of(GOOD), "i.xlsx")["created"] == 1


def test_no_process_of_the_service_imports_the_parser() -> None:
    code = "import sys, habrio_vendor.app, habrio_vendor.bulk_uploads.tasks; print('python_calamine' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_after_all_of_this_a_good_file_is_read(world: World) -> None:
    for made in (far_corner, bomb, lying_bomb):
        send(world.vendor, made(), "i.xlsx", expect=400)
    assert uploaded(world.vendor, xlsx_of(GOOD), "i.xlsx")["created"] == 1
