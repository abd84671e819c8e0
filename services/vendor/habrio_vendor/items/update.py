"""A vendor changes an item, its price or its stock."""

from __future__ import annotations

from habrio_shared import idempotency
from habrio_shared.database import transaction
from habrio_shared.schemas import Message
from habrio_vendor.items import stock
from habrio_vendor.items.errors import StockChanged
from habrio_vendor.items.queries import hold_sku, locked_item
from habrio_vendor.items.schemas import ItemEdit
from habrio_vendor.shops.queries import shop_id_of


def update(vendor_id: int, item_id: int, given: ItemEdit) -> Message:
    """Set the given fields; ItemNotFound, SkuTaken, or StockChanged if the stock has moved since the `stock_version`
    given."""
    columns = given.changes()
    quantity = columns.pop("quantity_in_stock", None)
    version = columns.pop("stock_version", None)
    with transaction() as session:
        idempotency.claim(session)
        if columns.get("sku"):
            hold_sku(session, shop_id_of(session, vendor_id), columns["sku"], but=item_id)
        item = locked_item(session, vendor_id, item_id)
        if quantity is not None:
            if version not in (None, item.stock_version):
                raise StockChanged
            stock.set_sellable(session, item, quantity)
        for name, value in columns.items():
            setattr(item, name, value)
        session.flush()
        answer = Message(message="The item has been updated")
        idempotency.remember(session, answer)
    return answer
