"""A vendor changes what the shop says of itself, or opens and closes it."""

from __future__ import annotations

from typing import Any

from habrio_shared.database import transaction
from habrio_vendor.shops.models import ShopLogEntry
from habrio_vendor.shops.queries import locked_shop_of
from habrio_vendor.shops.rules import tag_keys


def edit(vendor_id: int, changes: dict[str, Any]) -> None:
    """Set the given fields of the vendor's shop; ShopNotFound if there is none.

    Opening an open shop, or closing a closed one, leaves no trace in its log.
    """
    columns = dict(changes)
    if "category_tags" in columns:
        columns["tag_keys"] = tag_keys(columns["category_tags"])
    with transaction() as session:
        shop = locked_shop_of(session, vendor_id)
        if columns.get("is_open", shop.is_open) != shop.is_open:
            event = "opened" if columns["is_open"] else "closed"
            session.add(ShopLogEntry(shop_id=shop.id, event=event, made_by="vendor", user_id=vendor_id))
        for name, value in columns.items():
            setattr(shop, name, value)
