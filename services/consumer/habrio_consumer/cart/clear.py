"""The cart is emptied."""

from __future__ import annotations

from habrio_consumer.cart.queries import lines_of, lock_cart
from habrio_shared.database import transaction
from habrio_shared.schemas import Message


def clear(user_id: int) -> Message:
    """Clearing an empty cart changes nothing."""
    with transaction() as session:
        lock_cart(session, user_id)
        for line in lines_of(session, user_id):
            session.delete(line)
    return Message(message="Your cart is empty")
