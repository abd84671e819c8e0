"""Many items from one file: what is created, updated and reported, whatever kind of file it is."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from habrio_shared.database import after, reading, transaction
from habrio_vendor.bulk_uploads import accept
from habrio_vendor.bulk_uploads.models import BadRow, BulkUpload
from habrio_vendor.bulk_uploads.rules import BAD_ROWS_KEPT, BATCH_ROWS
from habrio_vendor.clients.storage import current_storage
from habrio_vendor.housekeeping.tasks import housekeeping
from tests.integration.vendor.conftest import Statements
from tests.integration.vendor.people import Vendor, World
from tests.integration.vendor.sheets import (
    assert_stock_is_the_sum_of_its_moves,
    csv_of,
    items_of,
    report,
    send,
    uploaded,
    work,
    xls_of,
    xlsx_of,
)
from tests.integration.vendor.test_items import FULL, stock_of
from tests.support.waiting import until

HEADER = ["title", "price", "sku", "quantity_in_stock"]


def shape(answer: dict[str, Any]) -> tuple[str, int, int, int, int]:
    """(state, rows read, created, updated, bad) of a report."""
    return answer["state"], answer["rows_read"], answer["created"], answer["updated"], answer["rows_bad"]


def has_file(world: World, task_id: int) -> bool:
    with world.app.app_context():
        with reading() as session:
            upload = session.get_one(BulkUpload, task_id)
        try:
            current_storage().open(upload.file_key).close()
        except FileNotFoundError:
            return False
        return True


def test_the_request_does_not_wait_for_a_broker_that_hangs_and_the_worker_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    answered = threading.Event()

    def send_task(task: str, **_options: Any) -> None:
        assert answered.wait(10)
        told.append(task)

    monkeypatch.setattr(world.app.extensions["celery"], "send_task", send_task)
    send(world.vendor, csv_of([["title", "price"], ["Rice", 10]]))
    assert told == []
    answered.set()
    until(lambda: told == ["vendor.bulk_uploads"], seconds=10, what="the worker is told")
    assert work(world.app) == 1


@pytest.mark.parametrize(("name", "made"), [("i.csv", csv_of), ("I.XLSX", xlsx_of), ("items.of.may.xls", xls_of)])
def test_each_kind_of_file_gives_the_items_of_the_single_call(world: World, name: str, made: Any) -> None:
    names = [field.replace("_", " ").title() for field in FULL]
    bare = ["Rice", 10, *[None] * (len(FULL) - 2)]
    answer = send(world.vendor, made([[*names, "Aisle"], [*FULL.values(), 7], [*bare[:1], None, *bare[1:2]]]), name)
    assert set(answer) == {"status", "task_id", "message"}
    assert isinstance(answer["task_id"], int)
    assert shape(report(world.vendor, answer["task_id"])) == ("accepted", 0, 0, 0, 0)
    assert work(world.app) == 1
    done = report(world.vendor, answer["task_id"])
    assert shape(done) == ("done", 2, 2, 0, 0)
    assert (done["message"], done["bad_rows"]) == ("", [])
    assert done["ended_at"] >= done["created_at"]
    rice, milk = world.vendor.get("/vendor/item/my")["data"]
    assert FULL.items() <= milk.items()
    plain = {"title": "Rice", "price": 10, "unit": "pcs", "quantity_in_stock": 100, "brand": "", "mrp": None}
    assert plain.items() <= rice.items()
    assert stock_of(world.app, milk["id"]) == (40, 0, 40)
    assert not has_file(world, answer["task_id"])


def test_bad_rows_are_reported_with_number_column_and_reason_and_the_good_ones_made(world: World) -> None:
    rows = [
        ["title", "price", "quantity_in_stock", "expiry_date", "mrp"],
        ["Rice", "10.50", "5", "2027-01-31", ""],
        ["", "10", "", "", ""],
        [],
        ["Dal", "₹10", "1.5", "31/01/2027", "1,000"],
        ["Tea", "0", "-1", "2027-02-30", "1e3"],
        ["x" * 201, "10.005", "1000001", "", "NaN"],
        ["a\0b", "1", "", "", ""],
        ["Salt", "5", "", "", "", "6"],
        ["Oil", "5"],
        ["Sugar", "5", "3.0", "", "", "", " "],
    ]
    done = uploaded(world.vendor, csv_of(rows))
    assert shape(done) == ("done", 9, 3, 0, 6)
    bad = [(cell["row"], cell["column"]) for cell in done["bad_rows"]]
    assert bad == [
        (3, "title"),
        *((5, column) for column in ("price", "mrp", "quantity_in_stock", "expiry_date")),
        *((6, column) for column in ("price", "mrp", "quantity_in_stock", "expiry_date")),
        *((7, column) for column in ("title", "price", "mrp", "quantity_in_stock")),
        (8, "title"),
        (9, None),
    ]
    reasons = {(cell["row"], cell["column"]): cell["reason"] for cell in done["bad_rows"]}
    assert reasons[5, "price"] == reasons[5, "mrp"] == reasons[6, "mrp"] == "must be a number"
    assert reasons[5, "expiry_date"] == 'must be a date, written "YYYY-MM-DD"'
    assert reasons[7, "price"] == "must have at most two decimals"
    assert reasons[6, "price"] == "must be at least 0.01"
    made = [(item.title, item.price_paise, item.on_hand) for item in items_of(world.app, world.shop_id)]
    assert made == [("Rice", 1050, 5), ("Oil", 500, 100), ("Sugar", 500, 3)]
    assert_stock_is_the_sum_of_its_moves(world.app)


def test_cells_of_a_workbook_are_taken_as_the_sheet_shows_them(world: World) -> None:
    rows: list[list[object]] = [
        ["Title", "Price", "SKU", "Quantity in stock", "Expiry date", "Tags"],
        [123.0, 0.1 + 0.2, 8901030865398.0, 5.0, date(2027, 1, 31), True],
        ["Dal", "12.50", "A-1", "7", "2027-01-31", 2.5],
        ["Tea", True, "A-2", True, 46053, None],
    ]
    done = uploaded(world.vendor, xlsx_of(rows), "i.xlsx")
    assert shape(done) == ("done", 3, 2, 0, 1)
    assert [cell["column"] for cell in done["bad_rows"]] == ["price", "quantity_in_stock", "expiry_date"]
    first, second = items_of(world.app, world.shop_id)
    assert (first.title, first.price_paise, first.sku, first.on_hand) == ("123", 30, "8901030865398", 5)
    assert (first.expiry_date, first.tags) == (date(2027, 1, 31), "TRUE")
    assert (second.price_paise, second.on_hand, second.tags) == (1250, 7, "2.5")


def test_what_looks_like_a_formula_stays_text_as_in_the_single_call_and_is_not_repeated_in_reports(
    world: World,
) -> None:
    rows = [["title", "price"], *([f"{sign}HYPERLINK(1)", "5"] for sign in "=+-@"), ["=1+1" + "x" * 300, "=2"]]
    done = uploaded(world.vendor, csv_of(rows))
    assert shape(done) == ("done", 5, 4, 0, 1)
    assert [item.title[0] for item in items_of(world.app, world.shop_id)] == list("=+-@")
    assert "=" not in str(done["bad_rows"])


def test_a_row_whose_sku_the_shop_has_updates_that_item_and_its_stock(world: World) -> None:
    item_id = world.vendor.add_item("Rice", stock=10, sku="R-1", brand="Old", description="Kept")
    deleted_or_other = Vendor(world.app, "vendor", world.society)
    deleted_or_other.open_shop()
    others = deleted_or_other.add_item("Rice", stock=10, sku="R-1")
    world.place({item_id: 3})
    rows = [[*HEADER, "brand"], ["Rice new", "20", "R-1", "50", ""], ["Dal", "5", "D-1", "", "Tata"]]
    assert shape(uploaded(world.vendor, csv_of(rows))) == ("done", 2, 1, 1, 0)
    item = world.vendor.item(item_id)
    assert (item["title"], item["price"], item["brand"], item["description"]) == ("Rice new", 20, "Old", "Kept")
    assert (item["quantity_in_stock"], item["reserved"]) == (50, 3)
    assert stock_of(world.app, item_id) == (53, 3, 53)
    assert stock_of(world.app, others) == (10, 0, 10)
    again = csv_of([HEADER, ["Rice", "21", "R-1", ""], ["Dal", "6", "D-1", "0"]])
    assert shape(uploaded(world.vendor, again)) == ("done", 2, 0, 2, 0)
    assert stock_of(world.app, item_id) == (53, 3, 53)
    assert [(each.sku, each.on_hand) for each in items_of(world.app, world.shop_id)] == [("R-1", 53), ("D-1", 0)]
    assert_stock_is_the_sum_of_its_moves(world.app)


@pytest.mark.parametrize("apart", [1, BATCH_ROWS + 1])
def test_of_two_rows_with_one_sku_the_later_changes_what_the_earlier_made(world: World, apart: int) -> None:
    between = [[f"Item {number}", "1", "", ""] for number in range(apart)]
    rows = [HEADER, ["Rice", "10", "R-1", "5"], *between, ["Rice new", "11", "R-1", "9"], ["Rice end", "12", "R-1", ""]]
    assert shape(uploaded(world.vendor, csv_of(rows))) == ("done", apart + 3, apart + 1, 2, 0)
    (rice,) = [item for item in items_of(world.app, world.shop_id) if item.sku]
    assert (rice.title, rice.price_paise, rice.on_hand) == ("Rice end", 1200, 9)
    assert_stock_is_the_sum_of_its_moves(world.app)


def test_the_same_file_again_is_the_first_task_and_changes_nothing(world: World) -> None:
    content = csv_of([HEADER, ["Rice", "10", "", "5"]])
    first = send(world.vendor, content)
    assert send(world.vendor, content, "other name.CSV")["task_id"] == first["task_id"]
    work(world.app)
    assert send(world.vendor, content)["task_id"] == first["task_id"]
    assert work(world.app) == 0
    assert not has_file(world, first["task_id"])
    assert len(items_of(world.app, world.shop_id)) == 1
    other = Vendor(world.app, "vendor", world.society)
    other.open_shop()
    assert send(other, content)["task_id"] != first["task_id"]
    work(world.app)


def test_of_very_many_bad_rows_all_are_counted_and_the_first_thousand_described(world: World) -> None:
    count = BAD_ROWS_KEPT + BATCH_ROWS + 7
    done = uploaded(world.vendor, csv_of([HEADER, *(["", "0", "", ""] for _ in range(count))]))
    assert shape(done) == ("done", count, 0, 0, count)
    assert len({cell["row"] for cell in done["bad_rows"]}) == BAD_ROWS_KEPT
    assert done["bad_rows"][0]["row"] == 2


def test_a_batch_takes_the_same_few_statements_whatever_it_holds(world: World, statements: Statements) -> None:
    counts = []
    for size in (2, BATCH_ROWS):
        for price in (1, 2):  # the second time every row updates an item
            rows = [(f"Item {number}", price, f"S-{number}", price) for number in range(size)]
            send(world.vendor, csv_of([HEADER, *rows]))
            with statements() as seen:
                work(world.app)
            counts.append(len(seen))
    assert counts[2:] == pytest.approx(counts[:2], abs=3)
    assert max(counts) < 40


def test_another_vendors_task_is_unknown_and_a_vendor_without_a_shop_hears_that_first(world: World) -> None:
    task_id = send(world.vendor, csv_of([HEADER]))["task_id"]
    other = Vendor(world.app, "vendor", world.society)
    assert send(other, b"", expect=404)["error"] == "shop_not_found"
    assert other.get(f"/vendor/item/bulk-upload/{task_id}", expect=404)["error"] == "shop_not_found"
    other.open_shop()
    for unknown in (task_id, 2**53 - 1):
        assert other.get(f"/vendor/item/bulk-upload/{unknown}", expect=404)["error"] == "upload_not_found"
    for no_id in ("0", "x", "-1", 2**53):
        assert other.raw("GET", f"/vendor/item/bulk-upload/{no_id}").status_code == 404
    assert shape(report(world.vendor, task_id)) == ("accepted", 0, 0, 0, 0)
    work(world.app)
    assert shape(report(world.vendor, task_id)) == ("done", 0, 0, 0, 0)


def test_a_shop_may_have_ten_files_waiting(world: World) -> None:
    for number in range(accept.UNFINISHED_MAX):
        send(world.vendor, csv_of([HEADER, [f"Item {number}", "1", "", ""]]))
    refused = send(world.vendor, csv_of([HEADER, ["One more", "1", "", ""]]), expect=429)
    assert refused["error"] == "too_many_uploads"
    assert work(world.app) == accept.UNFINISHED_MAX
    assert [item.title for item in items_of(world.app, world.shop_id)] == [f"Item {number}" for number in range(10)]
    send(world.vendor, csv_of([HEADER, ["One more", "1", "", ""]]))
    work(world.app)


def test_a_file_that_cannot_be_stored_is_a_503_and_may_be_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = csv_of([HEADER, ["Rice", "10", "", "5"]])

    class Full:
        def put(self, *_: object) -> None:
            raise OSError("no space left on device")

        def delete(self, _key: str) -> None: ...

    with monkeypatch.context() as patched:
        patched.setattr("habrio_vendor.bulk_uploads.accept.current_storage", Full)
        assert send(world.vendor, content, expect=503)["error"] == "service_unavailable"
    with world.app.app_context(), reading() as session:
        failed = session.scalars(select(BulkUpload).where(BulkUpload.shop_id == world.shop_id)).one()
    assert report(world.vendor, failed.id)["state"] == "failed"
    assert send(world.vendor, content)["task_id"] == failed.id
    work(world.app)
    assert shape(report(world.vendor, failed.id)) == ("done", 1, 1, 0, 0)


def test_a_file_that_never_arrived_fails_with_a_sentence_and_may_be_sent_again(world: World) -> None:
    content = csv_of([HEADER, ["Rice", "10", "", "5"]])
    task_id = send(world.vendor, content)["task_id"]
    with world.app.app_context(), reading() as session:
        current_storage().delete(session.get_one(BulkUpload, task_id).file_key)
    work(world.app)
    failed = report(world.vendor, task_id)
    assert (failed["state"], failed["message"]) == ("failed", "The file did not arrive whole; please send it again")
    assert send(world.vendor, content)["task_id"] == task_id
    work(world.app)
    assert shape(report(world.vendor, task_id)) == ("done", 1, 1, 0, 0)


def test_files_that_are_left_are_deleted_and_reports_forgotten_after_a_month(world: World) -> None:
    old, new = (uploaded(world.vendor, csv_of([HEADER, ["", "1", "", str(number)]]))["task_id"] for number in range(2))
    waiting = send(world.vendor, csv_of([HEADER, ["Rice", "1", "", ""]]))["task_id"]
    with world.app.app_context():
        with transaction() as session:
            session.execute(update(BulkUpload).where(BulkUpload.id == old).values(ended_at=after(-31 * 86_400)))
            session.execute(update(BulkUpload).where(BulkUpload.id == new).values(has_file=True))
            key = session.get_one(BulkUpload, new).file_key
        current_storage().put(key, open("/dev/null", "rb"))  # noqa: SIM115, PTH123 — put reads it to its end at once
        housekeeping()
        with reading() as session:
            assert session.scalars(select(BadRow.upload_id).where(BadRow.upload_id == old)).all() == []
    world.vendor.get(f"/vendor/item/bulk-upload/{old}", expect=404)
    assert report(world.vendor, new)["rows_bad"] == 1
    assert not has_file(world, new)
    assert has_file(world, waiting)
    work(world.app)
