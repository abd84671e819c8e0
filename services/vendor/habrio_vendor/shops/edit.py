"""A vendor changes what the shop says of itself, or opens and closes it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from habrio_shared.database import transaction
from habrio_vendor.shops.models import Shop
from habrio_vendor.shops.queries import shop_id_of
from habrio_vendor.shops.rules import tag_keys


def edit(vendor_id: int, changes: dict[str, Any]) -> None:
    """Set the given fields of the vendor's shop; ShopNotFound if there is none."""
    columns = dict(changes)
    if "category_tags" in columns:
        columns["tag_keys"] = tag_keys(columns["category_tags"])
    with transaction() as session:
        shop_id = shop_id_of(session, vendor_id)
        if columns:
            session.execute(update(Shop).where(Shop.id == shop_id).values(**columns))
