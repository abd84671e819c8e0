"""How a call about an order can fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from habrio_consumer.orders.rules import OrderStatus, status_shown
from habrio_shared.contracts.orders import Refusal
from habrio_shared.errors import BadRequest, Forbidden, NotFound
from habrio_shared.money import to_rupees


class CartEmpty(BadRequest):
    word = "cart_empty"
    sentence = "Your cart is empty"


class InsufficientBalance(BadRequest):
    word = "insufficient_balance"
    sentence = "There is not enough money in your wallet for this order"


class OrderNotFound(NotFound):
    word = "order_not_found"
    sentence = "Order not found"


class NotYourOrder(Forbidden):
    word = "not_your_order"
    sentence = "This order is somebody else's"


class IllegalMove(BadRequest):
    """The order's state forbids the move; the message names both states."""

    word = "illegal_move"
    sentence = "The order's state does not allow this"

    def __init__(self, status: OrderStatus, to: OrderStatus) -> None:
        super().__init__(f"An order that is {status_shown(status)} cannot become {to}")


class NotDelivered(BadRequest):
    """What can only be said or done of a delivered order; the message names its state."""

    word = "not_delivered"
    sentence = "This order has not been delivered"

    def __init__(self, status: OrderStatus) -> None:
        super().__init__(f"An order that is {status_shown(status)} has not been delivered")


class Refused(BadRequest):
    """The shop could not take the order: its word is the refusal's, `lines` say what stands in the way."""

    word = "refused"
    sentence = (
        "The shop could not take the order; `error` is shop_closed, item_unavailable, not_enough_stock, "
        "price_changed or shop_not_found"
    )

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message, details={"lines": _lines(refusal)})
        self.word = refusal.word


class WasRefused(OrderNotFound):
    """An order that was taken with 202 and refused later: it never was, but its consumer is told what became of it.

    `refusal` says why, `items` what had been ordered: the cart that was begun meanwhile is left as it is.
    """

    def __init__(self, refusal: Refusal, ordered: Mapping[int, int]) -> None:
        details = {
            "refusal": {"error": refusal.word, "message": refusal.message, "lines": _lines(refusal)},
            "items": [{"item_id": item_id, "quantity": quantity} for item_id, quantity in ordered.items()],
        }
        super().__init__(f"This order was refused: {refusal.message}", details=details)


def _lines(refusal: Refusal) -> list[dict[str, Any]]:
    """What stands in the way, line by line; prices in rupees, as everything that is sent."""
    return [
        {
            "item_id": line.item_id,
            "title": line.title,
            "price": None if line.price_paise is None else to_rupees(line.price_paise),
            "available": line.available,
        }
        for line in refusal.lines
    ]
