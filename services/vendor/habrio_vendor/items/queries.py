"""Reading a vendor's items."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_shared.database import reading
from habrio_vendor.items.errors import ItemNotFound
from habrio_vendor.items.models import Item
from habrio_vendor.shops.models import Shop


def locked_item(session: Session, vendor_id: int, item_id: int) -> Item:
    """The item, if it is in the vendor's shop, locked until the transaction ends; else ItemNotFound."""
    query = (
        select(Item)
        .join(Shop, Shop.id == Item.shop_id)
        .where(Item.id == item_id, Item.is_active, Shop.vendor_id == vendor_id)
        .with_for_update(of=Item)
    )
    item = session.scalars(query).one_or_none()
    if item is None:
        raise ItemNotFound
    return item


def my_items(vendor_id: int, *, limit: int, before_id: int | None) -> list[Item]:
    """Up to `limit` items of the vendor's shop, newest first; older than `before_id`, if given."""
    shop_id = select(Shop.id).where(Shop.vendor_id == vendor_id).scalar_subquery()
    query = select(Item).where(Item.shop_id == shop_id, Item.is_active).order_by(Item.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(Item.id < before_id)
    with reading() as session:
        return list(session.scalars(query))
