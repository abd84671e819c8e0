"""A consumer confirms what the vendor proposed; the row's lock decides whether that comes in time."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared.contracts.orders import ConfirmChange, VendorOrderState
from habrio_vendor.items import stock
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.orders.move import move
from habrio_vendor.orders.queries import locked
from habrio_vendor.orders.rules import may_move


def confirm_as_consumer(session: Session, wanted: ConfirmChange) -> VendorOrderState:
    """awaiting_consumer_confirmation → confirmed, if that very proposal still stands; the reply is how the order does.

    A confirmation of an earlier proposal that comes late never confirms a later one.
    """
    order = locked(session, wanted.order_id)
    if order is None:
        raise RuntimeError(f"order {wanted.order_id} has no row, so nobody can have proposed to change it")
    if may_move(order.status, "consumer", "confirmed") and wanted.change == order.changes + 1:
        move(session, order, "confirmed", by="consumer", reason="", effect=take_over_proposal)
    return order.state()


def take_over_proposal(session: Session, order: VendorOrder) -> None:
    """The proposal is the order from now on, and what it left out can be sold again."""
    left_out = {line.item_id: line.quantity - line.shown_quantity for line in order.lines}
    stock.release(session, {item_id: quantity for item_id, quantity in left_out.items() if quantity})
    order.total_paise = order.final_paise
    order.changes += 1
    for line in order.lines:
        line.quantity, line.proposed_quantity = line.shown_quantity, None
