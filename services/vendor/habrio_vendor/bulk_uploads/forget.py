"""Housekeeping: files of uploads that are over, and uploads that were over a month ago."""

from __future__ import annotations

from sqlalchemy import delete, or_, select

from habrio_shared.database import after, reading, transaction
from habrio_vendor.bulk_uploads.end import delete_file
from habrio_vendor.bulk_uploads.models import UNFINISHED, BulkUpload

KEPT_SECONDS = 30 * 86_400
"""Then the report is gone, and the same file is a new upload."""

AT_ONCE = 500


def forget() -> int:
    """Delete what is left of up to 500 uploads; how many were forgotten.

    An old one's file is deleted whatever its row says: two requests that brought it at once may have left a second.
    """
    is_old = BulkUpload.ended_at < after(-KEPT_SECONDS)
    left = select(BulkUpload).where(BulkUpload.state.not_in(UNFINISHED), or_(BulkUpload.has_file, is_old))
    with reading() as session:
        uploads = session.scalars(left.order_by(BulkUpload.id).limit(AT_ONCE)).all()
    for upload in uploads:
        delete_file(upload)
    old = delete(BulkUpload).where(BulkUpload.id.in_([upload.id for upload in uploads]), is_old, ~BulkUpload.has_file)
    with transaction() as session:
        return len(session.scalars(old.returning(BulkUpload.id)).all())
