"""A vendor takes an item off sale, or puts it back."""

from __future__ import annotations

from habrio_shared import idempotency
from habrio_shared.database import transaction
from habrio_vendor.items.queries import locked_item
from habrio_vendor.items.schemas import Toggled


def toggle(vendor_id: int, item_id: int) -> Toggled:
    """Turn the item's availability round; ItemNotFound."""
    with transaction() as session:
        idempotency.claim(session)
        item = locked_item(session, vendor_id, item_id)
        item.is_available = not item.is_available
        session.flush()
        answer = Toggled(
            message=f"The item is {'on sale again' if item.is_available else 'off sale now'}",
            is_available=item.is_available,
        )
        idempotency.remember(session, answer)
    return answer
