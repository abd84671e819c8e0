"""Files as vendors make them, and the calls that send them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
import xlwt
from flask import Flask
from sqlalchemy import func, select

from habrio_shared.database import reading
from habrio_vendor.bulk_uploads.tasks import bulk_uploads
from habrio_vendor.items.models import Item, StockMove
from tests.integration.vendor.people import Vendor

Rows = Iterable[Sequence[Any]]


def csv_of(rows: Rows, encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_of(rows: Rows, *more_sheets: Rows) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for sheet in (rows, *more_sheets):
        made = book.create_sheet()
        for row in sheet:
            made.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xls_of(rows: Rows) -> bytes:
    book = xlwt.Workbook()
    made = book.add_sheet("Items")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            made.write(number, place, cell)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send(vendor: Vendor, content: bytes, name: str = "items.csv", *, expect: int = 202) -> dict[str, Any]:
    """The answer to the file sent as `name`."""
    data = {"file": (io.BytesIO(content), name)}
    response = vendor.raw("POST", "/vendor/item/bulk-upload", data=data, content_type="multipart/form-data")
    assert response.status_code == expect, f"{response.status_code}: {response.get_data(as_text=True)[:800]}"
    answer: dict[str, Any] = response.get_json()
    assert answer["status"] == ("accepted" if expect == 202 else "error")
    return answer


def work(app: Flask) -> int:
    """What the worker does when it is told; how many uploads it worked on."""
    with app.app_context():
        count: int = bulk_uploads()
        return count


def report(vendor: Vendor, task_id: int) -> dict[str, Any]:
    return vendor.get(f"/vendor/item/bulk-upload/{task_id}")


def uploaded(vendor: Vendor, content: bytes, name: str = "items.csv") -> dict[str, Any]:
    """The report on a file that was sent and worked off."""
    task_id = send(vendor, content, name)["task_id"]
    work(vendor.app)
    return report(vendor, task_id)


def items_of(app: Flask, shop_id: int) -> list[Item]:
    """The shop's items in the order of their making."""
    with app.app_context(), reading() as session:
        return list(session.scalars(select(Item).where(Item.shop_id == shop_id).order_by(Item.id)))


def assert_stock_is_the_sum_of_its_moves(app: Flask) -> None:
    moved = select(func.coalesce(func.sum(StockMove.quantity), 0)).where(StockMove.item_id == Item.id).scalar_subquery()
    with app.app_context(), reading() as session:
        assert session.scalars(select(Item.id).where(Item.on_hand != moved)).all() == []
