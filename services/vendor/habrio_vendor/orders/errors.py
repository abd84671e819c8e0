"""How a vendor's call about an order can fail."""

from __future__ import annotations

from habrio_shared.contracts.orders import VendorOrderStatus
from habrio_shared.errors import BadRequest, Forbidden, NotFound
from habrio_vendor.orders.rules import CHANGE_FAULTS, ChangeFault


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


class BadChange(BadRequest):
    """A vendor may not propose this; the word says why."""

    word = "bad_change"
    sentence = (
        "The order cannot be changed so; `error` is unknown_item, repeated_item, more_than_ordered, nothing_left or "
        "nothing_changed"
    )

    def __init__(self, fault: ChangeFault) -> None:
        super().__init__(CHANGE_FAULTS[fault])
        self.word = fault
