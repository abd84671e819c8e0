"""A vendor rejects an order: its stock can be sold again, the consumer service gives the money back."""

from __future__ import annotations

from habrio_shared.schemas import Message
from habrio_vendor.orders.move import move_as_vendor, release_stock


def reject(vendor_id: int, order_id: int) -> Message:
    """pending → rejected. OrderNotFound, NotYourOrder, IllegalMove."""
    return move_as_vendor(
        vendor_id,
        order_id,
        "rejected",
        effect=release_stock,
        render=lambda _order: Message(message="The order has been rejected"),
    )
