"""A vendor deletes an item: gone from every list and from the catalogue; orders keep their lines of it."""

from __future__ import annotations

from habrio_shared import idempotency
from habrio_shared.database import transaction
from habrio_shared.schemas import Message
from habrio_vendor.items.queries import locked_item


def delete(vendor_id: int, item_id: int) -> Message:
    """Take the item away for good; ItemNotFound, the second time too.

    The row stays, for orders and stock moves refer to it: an open order can still be delivered, cancelled or returned.
    Its SKU is free again.
    """
    with transaction() as session:
        idempotency.claim(session)
        item = locked_item(session, vendor_id, item_id)
        item.is_active = False
        session.flush()
        answer = Message(message="The item has been deleted")
        idempotency.remember(session, answer)
    return answer
