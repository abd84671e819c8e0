"""What cells and headers of a sheet mean."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

from habrio_vendor.bulk_uploads.rules import Cell, ending_of, is_blank, places, value
from habrio_vendor.bulk_uploads.schemas import COLUMNS
from habrio_vendor.items.schemas import ItemIn


def test_the_columns_are_the_fields_of_the_single_call_and_title_and_price_are_needed() -> None:
    assert list(COLUMNS) == [field.alias or name for name, field in ItemIn.model_fields.items()]
    assert [name for name, is_required in COLUMNS.items() if is_required] == ["title", "price"]


@pytest.mark.parametrize(
    ("filename", "ending"),
    [
        *(("a.csv", "csv"), ("A.B.XLSX", "xlsx"), (" a.xls ", "xls"), ("../a.csv", "csv"), (".csv", "csv")),
        *((name, None) for name in ("csv", "a.csv.exe", "a.xlsm", "a.", "", "a.csv\0", "a.ｃｓｖ")),
    ],
)
def test_an_ending_is_one_of_three_in_any_case(filename: str, ending: str | None) -> None:
    assert ending_of(filename) == ending


def test_header_names_are_found_in_any_case_and_spelling_and_others_passed_over() -> None:
    header: list[Cell] = [" TITLE ", "Aisle", "Pack-Size", "quantity  in stock", None, 7, "pack_sizes", "Price"]
    assert places(header, COLUMNS) == ({"title": 0, "pack_size": 2, "quantity_in_stock": 3, "price": 7}, [])
    assert places(["price", "x", "x", "PRICE"], COLUMNS) == ({"price": 0}, ["price"])


@pytest.mark.parametrize("cell", [None, "", " \t\n", " "])
def test_a_cell_of_white_space_is_blank(cell: Cell) -> None:
    assert is_blank(cell)
    assert not is_blank(0)
    assert not is_blank(False)


@pytest.mark.parametrize(
    ("column", "cell", "meant"),
    [
        ("price", "27.50", Decimal("27.50")),
        ("price", " 27 ", Decimal(27)),
        ("price", 27.1, Decimal("27.1")),
        ("price", 0.1 + 0.2, Decimal("0.3")),
        ("price", 27, 27),
        *(("price", text, text) for text in ("₹10", "1,000", "1e3", "NaN", "١٠", "0x10", "1_000", "9" * 21, "--1")),
        ("price", True, True),
        ("quantity_in_stock", 5.0, 5),
        ("quantity_in_stock", "5.00", 5),
        ("quantity_in_stock", "-5", -5),
        ("quantity_in_stock", 5.5, Decimal("5.5")),
        ("quantity_in_stock", "five", "five"),
        ("quantity_in_stock", True, True),
        ("sku", 123.0, "123"),
        ("sku", 8901030865398.0, "8901030865398"),
        ("sku", "0123.0", "0123.0"),
        ("title", 27.5, "27.5"),
        ("title", 1e-7, "0.0000001"),
        ("title", 10**15, "1000000000000000"),
        ("title", True, "TRUE"),
        ("title", "=1+1", "=1+1"),
        ("expiry_date", "31/01/2027", "31/01/2027"),
    ],
)
def test_a_cell_means_what_the_sheet_shows(column: str, cell: Cell, meant: Any) -> None:
    found = value(column, cell)
    assert found == meant
    assert type(found) is type(meant)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e308, 5e-324])
@pytest.mark.parametrize("column", ["price", "quantity_in_stock"])
def test_numbers_that_are_none_harm_nobody(column: str, number: float) -> None:
    with pytest.raises(ValueError, match="validation error"):
        ItemIn.model_validate({"title": "Rice", "price": 1, column: value(column, number)})
