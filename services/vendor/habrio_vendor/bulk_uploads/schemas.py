"""Uploads of many items on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from habrio_shared.schemas import Answer, Instant
from habrio_vendor.items.schemas import ItemIn

COLUMNS = {field.alias or name: field.is_required() for name, field in ItemIn.model_fields.items()}
"""The columns that a sheet may have, by name; true for those it must have. They are the fields of the single call."""


class UploadAccepted(Answer):
    """The one answer whose `status` is not "success" (API.md)."""

    status: Literal["accepted"] = "accepted"  # type: ignore[assignment]  # API.md fixes this word for this call
    task_id: int
    message: str


class BadCell(BaseModel):
    """`row` as the spreadsheet counts, the header being row 1; `column` is null where the whole row is meant.

    The cell's own text is not repeated: the vendor has the file, and a report is opened in spreadsheets too.
    """

    row: int
    column: str | None
    reason: str


class UploadOut(Answer):
    """`rows_read` = `created` + `updated` + `rows_bad`; `bad_rows` has one entry a wrong cell, of the first 1,000 rows.

    `message` says why the whole file failed, if it did; the rows that were read before stay.
    """

    task_id: int
    state: Literal["accepted", "running", "done", "failed"]
    message: str
    rows_read: int
    created: int
    updated: int
    rows_bad: int
    bad_rows: list[BadCell]
    created_at: Instant
    ended_at: Instant | None
