"""An upload is over: its state says so, then its file is deleted."""

from __future__ import annotations

import logging
from typing import Literal

from sqlalchemy import update

from habrio_shared import faults
from habrio_shared.database import db_now, transaction
from habrio_vendor.bulk_uploads.models import UNFINISHED, BulkUpload
from habrio_vendor.bulk_uploads.queries import locked_upload
from habrio_vendor.clients.storage import current_storage

log = logging.getLogger(__name__)

BEFORE_DELETION = faults.declare("bulk_upload.before_deletion")


def end(upload_id: int, state: Literal["done", "failed"], message: str = "") -> None:
    """Set how it ended, unless somebody has; a file that cannot be deleted now is housekeeping's."""
    with transaction() as session:
        upload = locked_upload(session, upload_id)
        if upload.state not in UNFINISHED:
            return
        upload.state, upload.message, upload.ended_at = state, message, db_now()
        session.flush()
    faults.point(BEFORE_DELETION)
    delete_file(upload)


def delete_file(upload: BulkUpload) -> None:
    """Delete the file of an upload that is over, and note it."""
    try:
        current_storage().delete(upload.file_key)
    except OSError as error:
        log.warning("the file of upload %s is not deleted yet: %s", upload.id, error)
        return
    with transaction() as session:
        over = (BulkUpload.id == upload.id, BulkUpload.state.not_in(UNFINISHED))
        session.execute(update(BulkUpload).where(*over).values(has_file=False))
