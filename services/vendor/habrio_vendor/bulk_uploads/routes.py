"""/vendor/item/bulk-upload: many items from one file."""

from __future__ import annotations

from habrio_shared.api import UPLOAD_LIMIT_BYTES, ApiBlueprint, Upload
from habrio_shared.errors import PayloadTooLarge, Unavailable
from habrio_shared.identity import Caller, role_required
from habrio_vendor.bulk_uploads.accept import accept
from habrio_vendor.bulk_uploads.errors import (
    MissingColumns,
    TooManyUploads,
    Unreadable,
    UploadNotFound,
    WrongEnding,
)
from habrio_vendor.bulk_uploads.queries import find
from habrio_vendor.bulk_uploads.schemas import BadCell, UploadAccepted, UploadOut
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.queries import has_shop

bp = ApiBlueprint("bulk_uploads")


@bp.post(
    "/vendor/item/bulk-upload",
    errors=(ShopNotFound, WrongEnding, Unreadable, MissingColumns, TooManyUploads, PayloadTooLarge, Unavailable),
    status=202,
    body_limit_bytes=UPLOAD_LIMIT_BYTES,
    first=has_shop,
)
@role_required("vendor")
def send_file(upload: Upload, caller: Caller) -> UploadAccepted:
    """Add and update many items from a .csv, .xls or .xlsx file.

    The first row names the columns: the fields of the call that adds one item, `title` and `price` at least, in any
    order and case; others are passed over. Up to 50,000 rows of the first sheet. A blank cell is not given. A row whose
    `sku` the shop has updates that item, others create one. The same file sent again gives the first task.
    """
    return accept(caller.user_id, upload)


@bp.get("/vendor/item/bulk-upload/<id:task_id>", errors=(ShopNotFound, UploadNotFound), first=has_shop)
@role_required("vendor")
def report(task_id: int, caller: Caller) -> UploadOut:
    """How far an upload is, and which of its rows are bad; kept for 30 days after it has ended."""
    upload, bad = find(caller.user_id, task_id)
    return UploadOut(
        task_id=upload.id,
        state=upload.state,
        message=upload.message,
        rows_read=upload.rows_read,
        created=upload.created,
        updated=upload.updated,
        rows_bad=upload.bad,
        bad_rows=[BadCell(row=row.row, **problem) for row in bad for problem in row.problems],
        created_at=upload.created_at,
        ended_at=upload.ended_at,
    )
