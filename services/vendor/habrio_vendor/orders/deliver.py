"""A vendor delivers an order: its stock leaves the shop; a wallet order's money comes with the consumer's reply."""

from __future__ import annotations

from habrio_shared.schemas import Message
from habrio_vendor.orders.move import move_as_vendor, take_stock_out


def deliver(vendor_id: int, order_id: int) -> Message:
    """pending, accepted or confirmed → delivered. OrderNotFound, NotYourOrder, IllegalMove."""
    return move_as_vendor(
        vendor_id,
        order_id,
        "delivered",
        effect=take_stock_out,
        render=lambda _order: Message(message="The order has been delivered"),
    )
