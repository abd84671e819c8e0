"""A vendor adds an item to the shop."""

from __future__ import annotations

from habrio_shared import idempotency
from habrio_shared.database import transaction
from habrio_vendor.items import stock
from habrio_vendor.items.models import Item
from habrio_vendor.items.queries import hold_sku
from habrio_vendor.items.schemas import ItemAdded, ItemIn
from habrio_vendor.shops.queries import shop_id_of


def add(vendor_id: int, given: ItemIn) -> ItemAdded:
    """Put the item on sale with its first stock; ShopNotFound without a shop, SkuTaken."""
    with transaction() as session:
        idempotency.claim(session)
        columns = {name: getattr(given, name) for name in type(given).model_fields if name != "quantity_in_stock"}
        shop_id = shop_id_of(session, vendor_id)
        if given.sku:
            hold_sku(session, shop_id, given.sku)
        item = Item(shop_id=shop_id, on_hand=given.quantity_in_stock, **columns)
        session.add(item)
        session.flush()
        stock.add(session, item, given.quantity_in_stock)
        answer = ItemAdded(message="The item has been added", item_id=item.id)
        idempotency.remember(session, answer)
    return answer
