"""One batch of rows: its items, their stock, its bad rows and the upload's progress, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from habrio_shared.database import after, transaction
from habrio_vendor.bulk_uploads.check_row import Checked
from habrio_vendor.bulk_uploads.models import BadRow
from habrio_vendor.bulk_uploads.queries import locked_by_sku, locked_upload
from habrio_vendor.bulk_uploads.rules import BAD_ROWS_KEPT
from habrio_vendor.items import stock
from habrio_vendor.items.add import add_many
from habrio_vendor.items.schemas import ItemIn
from habrio_vendor.shops.queries import locked_shop

LEASE_SECONDS = 60.0
"""Far longer than a batch takes; a worker that dies leaves its upload to others after it."""


class Superseded(Exception):
    """Somebody else has gone on with this upload; whoever sees this stops."""


def save(upload_id: int, behind: int, rows: Sequence[Checked]) -> None:
    """Store what follows the row numbered `behind`; Superseded, which stores nothing, if that is stored already."""
    with transaction() as session:
        upload = locked_upload(session, upload_id)
        if upload.state != "running" or upload.position != behind:
            raise Superseded
        locked_shop(session, upload.shop_id)  # under which SKUs are given, one at a time
        items = [row.item for row in rows if row.item is not None]
        created, updated = _save_items(session, upload.shop_id, items)
        bad = [row for row in rows if row.item is None]
        session.add_all(
            BadRow(
                upload_id=upload_id,
                row=row.number,
                problems=[problem.model_dump(exclude={"row"}) for problem in row.problems],
            )
            for row in bad[: max(0, BAD_ROWS_KEPT - upload.bad)]
        )
        upload.position = rows[-1].number
        upload.rows_read += len(rows)
        upload.created += created
        upload.updated += updated
        upload.bad += len(bad)
        upload.tries = 0
        upload.lease_until = after(LEASE_SECONDS)
        session.flush()


def _save_items(session: Session, shop_id: int, rows: Sequence[ItemIn]) -> tuple[int, int]:
    """How many were created and updated. Of two rows with one SKU the later changes what the earlier made."""
    by_sku = locked_by_sku(session, shop_id, {row.sku for row in rows if row.sku})
    created: list[ItemIn] = []
    places: dict[str, int] = {}
    sellable: dict[str, int] = {}
    for row in rows:
        changes = {name: getattr(row, name) for name in row.model_fields_set}
        if row.sku in by_sku:
            if "quantity_in_stock" in changes:
                sellable[row.sku] = changes.pop("quantity_in_stock")
            for name, given in changes.items():
                setattr(by_sku[row.sku], name, given)
        elif row.sku in places:
            created[places[row.sku]] = created[places[row.sku]].model_copy(update=changes)
        else:
            if row.sku:
                places[row.sku] = len(created)
            created.append(row)
    stock.set_many_sellable(session, [(by_sku[sku], quantity) for sku, quantity in sellable.items()])
    add_many(session, shop_id, created)
    return len(created), len(rows) - len(created)
