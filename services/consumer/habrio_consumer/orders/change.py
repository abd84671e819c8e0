"""What the vendor changes about an order: proposed it only shows, confirmed it counts and the difference returns."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.orders import money
from habrio_consumer.orders.models import Order
from habrio_consumer.orders.queries import lines_of_order
from habrio_shared.contracts.orders import VendorOrderState


def follow_change(session: Session, order: Order, state: VendorOrderState) -> None:
    """Bring the lines and the total of the locked order to where `state`, which is newer, has them.

    Of several changes confirmed since the last state that arrived, one entry gives back what they make together.
    """
    said = {line.item_id: line for line in state.lines}
    for line in lines_of_order(session, order.id):
        line.quantity = said[line.item_id].quantity
        line.proposed_quantity = said[line.item_id].proposed_quantity
    if state.changes > order.changes:
        money.amend(session, order, state.changes, state.total_paise)
        order.changes, order.total_paise = state.changes, state.total_paise
    session.flush()
