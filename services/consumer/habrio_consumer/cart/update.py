"""The quantity of a line changes."""

from __future__ import annotations

from habrio_consumer.cart.errors import NotInCart
from habrio_consumer.cart.queries import lines_of, lock_cart
from habrio_shared.database import transaction
from habrio_shared.schemas import Message


def update(user_id: int, item_id: int, quantity: int) -> Message:
    """NotInCart if it is not there."""
    with transaction() as session:
        lock_cart(session, user_id)
        line = next((line for line in lines_of(session, user_id) if line.item_id == item_id), None)
        if line is None:
            raise NotInCart
        line.quantity = quantity
    return Message(message="Your cart has been updated")
