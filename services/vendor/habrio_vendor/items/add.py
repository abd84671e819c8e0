"""A vendor adds an item to the shop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from habrio_shared import idempotency
from habrio_shared.database import transaction
from habrio_vendor.items import stock
from habrio_vendor.items.models import Item
from habrio_vendor.items.queries import hold_sku, next_ids
from habrio_vendor.items.schemas import ItemAdded, ItemIn
from habrio_vendor.shops.queries import shop_id_of


def add(vendor_id: int, given: ItemIn) -> ItemAdded:
    """Put the item on sale with its first stock; ShopNotFound without a shop, SkuTaken."""
    with transaction() as session:
        idempotency.claim(session)
        shop_id = shop_id_of(session, vendor_id)
        if given.sku:
            hold_sku(session, shop_id, given.sku)
        item = Item(**columns_of(shop_id, given))
        session.add(item)
        session.flush()
        stock.add(session, item, given.quantity_in_stock)
        answer = ItemAdded(message="The item has been added", item_id=item.id)
        idempotency.remember(session, answer)
    return answer


def add_many(session: Session, shop_id: int, given: Sequence[ItemIn]) -> None:
    """`add` for many items, as a part of a verb's transaction: as many statements for one as for a thousand."""
    ids = next_ids(session, len(given))
    rows = [columns_of(shop_id, each) | {"id": item_id} for item_id, each in zip(ids, given, strict=True)]
    if rows:
        session.execute(insert(Item), rows)
    stock.add_many(session, {row["id"]: row["on_hand"] for row in rows})


def columns_of(shop_id: int, given: ItemIn) -> dict[str, Any]:
    """The item's row as it is first stored; the move that is its first stock is still to be added."""
    columns = {name: getattr(given, name) for name in type(given).model_fields if name != "quantity_in_stock"}
    return columns | {"shop_id": shop_id, "on_hand": given.quantity_in_stock}
