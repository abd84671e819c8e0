"""Many items from one file, through the gateway and the real worker, which is killed on the way."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.integration.vendor.sheets import csv_of, xlsx_of
from tests.support.society import Shop, Society
from tests.support.stack import Stack
from tests.support.waiting import until

PATIENCE_SECONDS = 20.0
COUNT = 20_000


def sheet(count: int) -> list[tuple[object, ...]]:
    return [("Title", "Price", "SKU", "Quantity in stock"), *((f"Item {n}", 10, f"S-{n}", 5) for n in range(count))]


def report(shop: Shop, task_id: int) -> dict[str, Any]:
    return shop.owner.get(f"/vendor/item/bulk-upload/{task_id}")


def test_a_workbook_becomes_items_that_residents_see(stack: Stack) -> None:
    society = Society(stack.url, patience_seconds=PATIENCE_SECONDS)
    shop, resident = society.open_shop(Rice=5), society.resident()
    file = {"file": ("items.xlsx", xlsx_of([*sheet(20), ("No price", None, None, None)]))}
    answer = shop.owner.raw("POST", "/vendor/item/bulk-upload", files=file)
    assert (answer.status_code, answer.json()["status"]) == (202, "accepted")
    task_id = answer.json()["task_id"]
    until(lambda: report(shop, task_id)["state"] == "done", seconds=60, what="the worker has read the file")
    done = report(shop, task_id)
    assert (done["rows_read"], done["created"], done["rows_bad"]) == (21, 20, 1)
    assert done["bad_rows"] == [{"row": 22, "column": "price", "reason": "must be given"}]
    seen = resident.get(f"/consumer/shop/{shop.shop_id}/items")["items"]
    assert {f"Item {number}" for number in range(20)} <= {item["title"] for item in seen}


def test_a_worker_killed_in_the_middle_of_a_file_is_followed_by_one_that_ends_it(stack: Stack) -> None:
    shop = Society(stack.url, patience_seconds=PATIENCE_SECONDS).open_shop(Rice=5)
    file = {"file": ("items.csv", csv_of(sheet(COUNT)))}
    task_id = shop.owner.raw("POST", "/vendor/item/bulk-upload", files=file).json()["task_id"]
    until(lambda: report(shop, task_id)["rows_read"] > 0, seconds=60, what="the worker has begun")
    stack.kill("vendor-worker")
    assert 0 < report(shop, task_id)["rows_read"] < COUNT, "it was killed too late to show anything"
    with psycopg.connect(stack.dsn("vendor"), autocommit=True) as database:  # instead of waiting for a minute
        database.execute("UPDATE bulk_uploads SET lease_until = clock_timestamp() WHERE id = %s", (task_id,))
    # Its message nudges the worker that the supervisor has started meanwhile; else beat would, within half a minute.
    shop.owner.raw("POST", "/vendor/item/bulk-upload", files={"file": ("more.csv", csv_of(sheet(0)))})
    until(lambda: report(shop, task_id)["state"] == "done", seconds=150, what="another worker goes on")
    done = report(shop, task_id)
    assert (done["rows_read"], done["created"], done["updated"], done["rows_bad"]) == (COUNT, COUNT, 0, 0)
