"""A row of a sheet becomes the body of the call that adds one item, and is checked by its schema."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from habrio_shared.api import problems_of
from habrio_vendor.bulk_uploads.rules import Row, is_blank, value
from habrio_vendor.bulk_uploads.schemas import BadCell
from habrio_vendor.bulk_uploads.sheets import Sheet
from habrio_vendor.items.schemas import ItemIn


@dataclass(frozen=True, slots=True)
class Checked:
    """A row with the item in it, or else with what is wrong with it."""

    number: int
    item: ItemIn | None
    problems: tuple[BadCell, ...] = ()


def check_row(sheet: Sheet, row: Row) -> Checked:
    """The row as an item. Cells that are missing at its end are blank; blank ones are not given."""
    number, cells = row
    if not all(map(is_blank, cells[sheet.width :])):
        reason = f"has more cells than the first row, which has {sheet.width}; is a comma not in quotation marks?"
        return Checked(number, None, (BadCell(row=number, column=None, reason=reason),))
    given = {
        column: value(column, cells[place])
        for column, place in sheet.places.items()
        if place < len(cells) and not is_blank(cells[place])
    }
    try:
        return Checked(number, ItemIn.model_validate(given))
    except ValidationError as error:
        return Checked(number, None, tuple(_problems(number, error)))


def _problems(number: int, error: ValidationError) -> list[BadCell]:
    return [BadCell(row=number, column=str(problem["loc"][0]), reason=problem["msg"]) for problem in problems_of(error)]
