"""A vendor accepts an order."""

from __future__ import annotations

from habrio_shared.schemas import Message
from habrio_vendor.orders.move import move_as_vendor, no_effect


def accept(vendor_id: int, order_id: int) -> Message:
    """pending → accepted. OrderNotFound, NotYourOrder, IllegalMove."""
    return move_as_vendor(
        vendor_id,
        order_id,
        "accepted",
        effect=no_effect,
        render=lambda _order: Message(message="The order has been accepted"),
    )
