"""How a vendor's call about an order can fail."""

from __future__ import annotations

from habrio_shared.contracts.orders import VendorOrderStatus
from habrio_shared.errors import BadRequest, Forbidden, NotFound


class OrderNotFound(NotFound):
    """Unknown, or never placed."""

    word = "order_not_found"
    sentence = "Order not found"


class NotYourOrder(Forbidden):
    word = "not_your_order"
    sentence = "This order is not your shop's"


class IllegalMove(BadRequest):
    """The order's state forbids the move; the message names both states."""

    word = "illegal_move"
    sentence = "The order's state does not allow this"

    def __init__(self, status: VendorOrderStatus, to: VendorOrderStatus) -> None:
        super().__init__(f"An order that is {status} cannot become {to}")
