"""The worker goes through the uploads that are due, one after the other."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from itertools import islice

from habrio_shared import faults
from habrio_shared.database import after, transaction
from habrio_vendor.bulk_uploads.check_row import check_row
from habrio_vendor.bulk_uploads.end import end
from habrio_vendor.bulk_uploads.errors import MissingColumns, Unreadable
from habrio_vendor.bulk_uploads.queries import next_due
from habrio_vendor.bulk_uploads.rules import BATCH_ROWS
from habrio_vendor.bulk_uploads.save import LEASE_SECONDS, Superseded, save
from habrio_vendor.bulk_uploads.sheets import Sheet, opened
from habrio_vendor.clients.storage import current_storage

log = logging.getLogger(__name__)

TRIES_MAX = 5
"""An upload that was begun so often and never moved has something about it that ends workers."""

BETWEEN_BATCHES = faults.declare("bulk_upload.between_batches")
NOT_THERE = "The file did not arrive whole; please send it again"
TRIED_ENOUGH = "Something went wrong on our side while this file was read; please send it again, or in parts"


@dataclass(frozen=True, slots=True)
class Claimed:
    """An upload that this worker holds, as it was when it was claimed."""

    id: int
    ending: str
    file_key: str
    position: int
    tries: int


def work_off() -> int:
    """Work until no upload is due; how many were worked on.

    An error that nobody foresaw leaves the upload held until its lease runs out; then it is tried again.
    """
    count = 0
    while (claimed := _claim()) is not None:
        count += 1
        if claimed.tries > TRIES_MAX:
            log.error("upload %s is given up: begun %s times without a row", claimed.id, TRIES_MAX)
            end(claimed.id, "failed", TRIED_ENOUGH)
        else:
            _work(claimed)
    return count


def _claim() -> Claimed | None:
    with transaction() as session:
        upload = session.scalars(next_due()).one_or_none()
        if upload is None:
            return None
        upload.state = "running"
        upload.tries += 1
        upload.lease_until = after(LEASE_SECONDS)
        session.flush()
        return Claimed(upload.id, upload.ending, upload.file_key, upload.position, upload.tries)


def _work(claimed: Claimed) -> None:
    try:
        with current_storage().open(claimed.file_key) as file:
            content = file.read()
        with opened(claimed.ending, content) as sheet:
            _save_all(claimed, sheet)
    except FileNotFoundError:
        end(claimed.id, "failed", NOT_THERE)
    except (Unreadable, MissingColumns) as error:
        end(claimed.id, "failed", error.message)
    except Superseded:
        log.warning("upload %s: another worker has gone on with it", claimed.id)
    else:
        end(claimed.id, "done")


def _save_all(claimed: Claimed, sheet: Sheet) -> None:
    behind = claimed.position
    rows = (row for row in sheet.rows if row[0] > claimed.position)
    while batch := list(islice(rows, BATCH_ROWS)):
        save(claimed.id, behind, [check_row(sheet, row) for row in batch])
        behind = batch[-1][0]
        faults.point(BETWEEN_BATCHES)
