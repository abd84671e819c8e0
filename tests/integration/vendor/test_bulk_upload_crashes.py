"""Workers that are killed, fail or come back late: every row is dealt with once, and the stock stays true."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, update

from habrio_shared import faults
from habrio_shared.database import db_now, reading, transaction
from habrio_shared.faults import FaultStruck
from habrio_vendor.bulk_uploads.models import BulkUpload
from habrio_vendor.bulk_uploads.rules import BATCH_ROWS
from habrio_vendor.bulk_uploads.save import Superseded, save
from habrio_vendor.bulk_uploads.work_off import TRIES_MAX, work_off
from tests.integration.vendor.people import World, make_world
from tests.integration.vendor.sheets import (
    assert_stock_is_the_sum_of_its_moves,
    csv_of,
    items_of,
    report,
    send,
    work,
    xlsx_of,
)

COUNT = 4 * BATCH_ROWS + 7
HEADER = ["title", "price", "sku", "quantity_in_stock"]
BETWEEN, SAVING = "bulk_upload.between_batches", "vendor.bulk_uploads.save.before_commit"
WORKER = """
import faulthandler; faulthandler.enable()
from habrio_vendor.app import create_app
from habrio_vendor.bulk_uploads.tasks import bulk_uploads
with create_app().app_context():
    bulk_uploads()
"""


def rows() -> list[Sequence[object]]:
    """A header and COUNT rows: every tenth is bad, every seventh has no SKU."""
    return [
        HEADER,
        *((f"Item {n}", 10 if n % 10 else 0, f"S-{n}" if n % 7 else None, n % 50) for n in range(1, COUNT + 1)),
    ]


def let_the_lease_run_out(app: Flask, task_id: int) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(BulkUpload).where(BulkUpload.id == task_id).values(lease_until=db_now()))


def assert_all_rows_once(world: World, task_id: int) -> None:
    done = report(world.vendor, task_id)
    assert (done["state"], done["rows_read"], done["updated"]) == ("done", COUNT, 0)
    assert (done["created"], done["rows_bad"]) == (COUNT - COUNT // 10, COUNT // 10)
    assert [cell["row"] for cell in done["bad_rows"]] == list(range(11, COUNT + 2, 10))
    made = [item.title for item in items_of(world.app, world.shop_id)]
    assert made == [f"Item {number}" for number in range(1, COUNT + 1) if number % 10]
    assert_stock_is_the_sum_of_its_moves(world.app)


@pytest.fixture
def killed(app: Flask, vendor_database_url: str) -> Callable[[str], None]:
    """`killed(faults)`: a worker process of its own works until a fault point kills it with SIGKILL."""
    settings = app.extensions["habrio_settings"]
    environ = {
        "PATH": os.environ["PATH"],
        "APP_ENV": "testing",
        "LOG_LEVEL": "ERROR",
        "DATABASE_URL": vendor_database_url,
        "INTERNAL_SECRET": settings.internal_secret.get_secret_value(),
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "DATA_KEY": settings.data_key.get_secret_value(),
        "REDIS_URL": settings.redis_url,
        "UPLOAD_FOLDER": str(settings.upload_folder),
    }

    def run(at: str) -> None:
        ended = subprocess.run(
            [sys.executable, "-c", WORKER], env=environ | {"FAULTS": at}, capture_output=True, text=True, check=False
        )
        assert ended.returncode == -signal.SIGKILL, ended.stderr[-2000:]

    return run


@pytest.fixture
def armed() -> Iterator[Callable[[str], None]]:
    yield lambda text: faults.arm(faults.parse(text))
    faults.arm([])


@pytest.mark.parametrize(
    ("point", "rows_kept"),
    [(f"{BETWEEN}:kill:2", 2 * BATCH_ROWS), (f"{SAVING}:kill:3", 2 * BATCH_ROWS)],
)
@pytest.mark.parametrize("name", ["i.csv", "i.xlsx"])
def test_a_worker_that_is_killed_in_the_middle_is_followed_by_one_that_goes_on(
    world: World, killed: Callable[[str], None], point: str, rows_kept: int, name: str
) -> None:
    content = (csv_of if name.endswith("csv") else xlsx_of)(rows())
    task_id = send(world.vendor, content, name)["task_id"]
    killed(point)
    stopped = report(world.vendor, task_id)
    assert (stopped["state"], stopped["rows_read"]) == ("running", rows_kept)
    assert work(world.app) == 0, "it is still held"
    let_the_lease_run_out(world.app, task_id)
    assert work(world.app) == 1
    assert_all_rows_once(world, task_id)


def test_a_worker_killed_before_each_commit_and_after_each_still_ends_with_every_row_once(
    world: World, killed: Callable[[str], None]
) -> None:
    task_id = send(world.vendor, csv_of(rows()))["task_id"]
    for point in (f"{SAVING}:kill:1", f"{BETWEEN}:kill:1", f"{SAVING}:kill:2", "bulk_upload.before_deletion:kill"):
        killed(point)
        let_the_lease_run_out(world.app, task_id)
    assert work(world.app) == 0, "it is over; only its file is left"
    assert_all_rows_once(world, task_id)
    with world.app.app_context(), reading() as session:
        assert session.get_one(BulkUpload, task_id).has_file


@pytest.mark.parametrize("point", [SAVING, BETWEEN])
def test_an_error_that_nobody_foresaw_leaves_the_upload_to_be_tried_again(
    world: World, armed: Callable[[str], None], point: str
) -> None:
    task_id = send(world.vendor, csv_of(rows()))["task_id"]
    armed(f"{point}:raise:2")
    with pytest.raises(FaultStruck):
        work(world.app)
    let_the_lease_run_out(world.app, task_id)
    work(world.app)
    assert_all_rows_once(world, task_id)


def test_a_worker_that_comes_back_after_its_lease_stores_nothing(world: World) -> None:
    task_id = send(world.vendor, csv_of(rows()))["task_id"]
    work(world.app)
    with world.app.app_context():
        with transaction() as session:
            upload = update(BulkUpload).where(BulkUpload.id == task_id)
            session.execute(upload.values(state="running", ended_at=None))
        for behind in (0, BATCH_ROWS + 1):
            with pytest.raises(Superseded):
                save(task_id, behind, [])
        with transaction() as session:
            session.execute(upload.values(state="done", ended_at=db_now()))
        with pytest.raises(Superseded):
            save(task_id, COUNT + 1, [])
    assert_all_rows_once(world, task_id)


def test_an_upload_that_ends_every_worker_is_given_up(world: World) -> None:
    task_id = send(world.vendor, csv_of(rows()))["task_id"]
    with world.app.app_context():
        with transaction() as session:
            session.execute(update(BulkUpload).where(BulkUpload.id == task_id).values(tries=TRIES_MAX))
        work(world.app)
    failed = report(world.vendor, task_id)
    assert (failed["state"], failed["rows_read"]) == ("failed", 0)
    assert "on our side" in failed["message"]
    assert send(world.vendor, csv_of(rows()))["task_id"] == task_id
    work(world.app)
    assert_all_rows_once(world, task_id)


def test_many_workers_at_once_read_each_file_once_and_those_of_one_shop_in_their_order(world: World) -> None:
    other = make_world(world.app)
    tasks = []
    for number in range(4):
        content = csv_of([HEADER, *([f"Item {n}", number + 1, f"S-{n}", number] for n in range(300))])
        tasks += [(place, send(place.vendor, content)["task_id"]) for place in (world, other)]
    barrier = threading.Barrier(6)

    def worker() -> int:
        with world.app.app_context():
            barrier.wait(10)
            return work_off()

    with ThreadPoolExecutor(6) as pool:
        counts = [future.result(60) for future in [pool.submit(worker) for _ in range(6)]]
    counts.append(work(world.app))  # what waited for its shop's earlier file when the last worker looked
    assert sum(counts) == len(tasks)
    for place, task_id in tasks:
        done = report(place.vendor, task_id)
        assert (done["state"], done["rows_read"], done["created"] + done["updated"]) == ("done", 300, 300)
    for place in (world, other):
        made = items_of(world.app, place.shop_id)
        assert len(made) == 300
        assert {(item.price_paise, item.on_hand) for item in made} == {(400, 3)}
    assert_stock_is_the_sum_of_its_moves(world.app)


def test_a_request_that_dies_before_it_has_stored_its_file_is_followed_by_one_that_does(
    world: World, armed: Callable[[str], None]
) -> None:
    armed("vendor.bulk_uploads.accept.after_commit:raise")
    send(world.vendor, csv_of(rows()), expect=500)
    assert work(world.app) == 0, "a worker waits for the file"
    task_id = send(world.vendor, csv_of(rows()))["task_id"]
    assert work(world.app) == 1
    assert_all_rows_once(world, task_id)


def test_one_file_sent_by_many_requests_at_once_is_one_task(world: World) -> None:
    content = csv_of(rows())
    barrier = threading.Barrier(6)

    def request() -> int:
        barrier.wait(10)
        return int(send(world.vendor, content)["task_id"])

    with ThreadPoolExecutor(6) as pool:
        ids = {future.result(30) for future in [pool.submit(request) for _ in range(6)]}
    assert len(ids) == 1
    with world.app.app_context(), reading() as session:
        assert set(session.scalars(select(BulkUpload.id).where(BulkUpload.shop_id == world.shop_id))) == ids
    work(world.app)
    assert_all_rows_once(world, ids.pop())
