"""Reading uploads."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ARRAY, Select, Text, cast, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from habrio_shared.database import db_now, reading
from habrio_vendor.bulk_uploads.errors import UploadNotFound
from habrio_vendor.bulk_uploads.models import UNFINISHED, BadRow, BulkUpload
from habrio_vendor.items.models import Item
from habrio_vendor.shops.models import Shop


def locked_upload(session: Session, upload_id: int) -> BulkUpload:
    """The upload, locked until the transaction ends."""
    return session.scalars(select(BulkUpload).where(BulkUpload.id == upload_id).with_for_update()).one()


def same_file(session: Session, shop_id: int, sha256: str) -> BulkUpload | None:
    """The shop's upload of just this content."""
    query = select(BulkUpload).where(BulkUpload.shop_id == shop_id, BulkUpload.sha256 == sha256)
    return session.scalars(query).one_or_none()


def is_awaited(session: Session, upload: BulkUpload) -> bool:
    """Whether no request has said yet that it has stored the upload's file, and none has waited too long for it."""
    awaited = (BulkUpload.id == upload.id, BulkUpload.state == "accepted", BulkUpload.lease_until > db_now())
    return session.scalar(select(BulkUpload.id).where(*awaited)) is not None


def unfinished_of(session: Session, shop_id: int) -> int:
    """How many uploads of the shop are not over."""
    unfinished = (BulkUpload.shop_id == shop_id, BulkUpload.state.in_(UNFINISHED))
    query = select(func.count()).select_from(BulkUpload).where(*unfinished)
    return session.scalar(query) or 0


def next_due() -> Select[BulkUpload]:
    """The oldest upload that nobody holds and that is the first of its shop, to be locked; others' are passed over."""
    earlier = aliased(BulkUpload)
    has_earlier = (
        select(earlier.id)
        .where(earlier.shop_id == BulkUpload.shop_id, earlier.id < BulkUpload.id)
        .where(earlier.state.in_(UNFINISHED))
        .exists()
    )
    return (
        select(BulkUpload)
        .where(BulkUpload.state.in_(UNFINISHED), BulkUpload.lease_until <= db_now(), ~has_earlier)
        .order_by(BulkUpload.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=BulkUpload)
    )


def locked_by_sku(session: Session, shop_id: int, skus: Collection[str]) -> dict[str, Item]:
    """The shop's items by SKU, locked in the order of their ids.

    PostgreSQL joins the SKUs as one array: with 500 of them in an IN it may read all of a shop that has just grown, its
    statistics being old, and compare each item with each SKU (100 s instead of 1 s for 50,000 rows).
    """
    query = select(Item).where(Item.shop_id == shop_id, Item.is_active, Item.sku != literal_column("''"))
    if session.get_bind().dialect.name == "sqlite":
        query = query.where(Item.sku.in_(skus))
    else:
        wanted = func.unnest(cast(list(skus), ARRAY(Text))).table_valued("sku").render_derived()
        query = query.join(wanted, wanted.c.sku == Item.sku)
    return {item.sku: item for item in session.scalars(query.order_by(Item.id).with_for_update(of=Item))}


def find(vendor_id: int, upload_id: int) -> tuple[BulkUpload, Sequence[BadRow]]:
    """The upload, if it is of the vendor's shop, and its bad rows in order; else UploadNotFound."""
    mine = (
        select(BulkUpload)
        .join(Shop, Shop.id == BulkUpload.shop_id)
        .where(BulkUpload.id == upload_id, Shop.vendor_id == vendor_id)
    )
    with reading() as session:
        upload = session.scalars(mine).one_or_none()
        if upload is None:
            raise UploadNotFound
        bad = session.scalars(select(BadRow).where(BadRow.upload_id == upload_id).order_by(BadRow.row)).all()
    return upload, bad
