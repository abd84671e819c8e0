"""A vendor sends a file of items: it is looked at, kept, and worked off later."""

from __future__ import annotations

import hashlib
import logging
from io import BytesIO

from sqlalchemy import update

from habrio_shared.api import Upload
from habrio_shared.database import after, db_now, transaction
from habrio_shared.errors import Unavailable
from habrio_shared.nudge import nudge
from habrio_vendor.bulk_uploads.end import end
from habrio_vendor.bulk_uploads.errors import TooManyUploads, WrongEnding
from habrio_vendor.bulk_uploads.models import BulkUpload
from habrio_vendor.bulk_uploads.queries import is_awaited, same_file, unfinished_of
from habrio_vendor.bulk_uploads.rules import ending_of
from habrio_vendor.bulk_uploads.schemas import UploadAccepted
from habrio_vendor.bulk_uploads.sheets import opened
from habrio_vendor.clients.storage import current_storage
from habrio_vendor.shops.queries import locked_shop_of

log = logging.getLogger(__name__)

UNFINISHED_MAX = 10
KEEPING_SECONDS = 60.0
"""So long the request that brings a file may take to store it; then the worker looks for it, and may not find it."""

TASK = "vendor.bulk_uploads"


def accept(vendor_id: int, upload: Upload) -> UploadAccepted:
    """The upload's id; the same content sent before gives the first one's, which goes on if it had failed.

    WrongEnding, Unreadable, MissingColumns, ShopNotFound, TooManyUploads; Unavailable if the file cannot be stored.
    """
    ending = ending_of(upload.filename)
    if ending is None:
        raise WrongEnding
    content = upload.stream.read()
    with opened(ending, content, header_only=True):
        pass
    entered, is_to_be_kept = _enter(vendor_id, ending, hashlib.sha256(content).hexdigest())
    if not is_to_be_kept:
        return UploadAccepted(task_id=entered.id, message="This file was sent before; this is its task")
    _keep(entered, content)
    nudge(TASK)
    return UploadAccepted(task_id=entered.id, message="The file has been accepted; its rows are being read")


def _enter(vendor_id: int, ending: str, sha256: str) -> tuple[BulkUpload, bool]:
    """The upload, and whether its file is to be stored. Until it is, no worker looks at it.

    It is also to be stored when an earlier request has not done so yet: that one may have died.
    """
    with transaction() as session:
        shop_id = locked_shop_of(session, vendor_id).id
        found = same_file(session, shop_id, sha256)
        if found is not None and found.state != "failed":
            return found, is_awaited(session, found)
        if unfinished_of(session, shop_id) >= UNFINISHED_MAX:
            raise TooManyUploads(retry_after_seconds=60)
        if found is None:
            found = BulkUpload(shop_id=shop_id, ending=ending, sha256=sha256)
            session.add(found)
        found.state, found.message, found.tries, found.ended_at, found.has_file = "accepted", "", 0, None, True
        found.lease_until = after(KEEPING_SECONDS)
        session.flush()
        return found, True


def _keep(upload: BulkUpload, content: bytes) -> None:
    try:
        current_storage().put(upload.file_key, BytesIO(content))
    except OSError as error:
        log.error("the file of upload %s cannot be stored: %s", upload.id, error)
        end(upload.id, "failed", "The file could not be stored; please send it again")
        raise Unavailable from error
    with transaction() as session:
        free = update(BulkUpload).where(BulkUpload.id == upload.id, BulkUpload.state == "accepted")
        session.execute(free.values(lease_until=db_now()))
