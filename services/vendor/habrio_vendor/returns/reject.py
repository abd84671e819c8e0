"""A vendor rejects the return that the consumer raised; the order stays where it is."""

from __future__ import annotations

from habrio_shared import idempotency, outbox
from habrio_shared.database import transaction
from habrio_shared.schemas import Message
from habrio_vendor.orders.move import tell
from habrio_vendor.orders.queries import locked_of_vendor
from habrio_vendor.returns.record import move_return

REJECTED = Message(message="The return has been rejected")


def reject_return(vendor_id: int, order_id: int) -> Message:
    """The raised return → rejected; its pieces may be asked for again.

    OrderNotFound, NotYourOrder, IllegalReturnMove.
    """
    with transaction() as session:
        idempotency.claim(session)
        order = locked_of_vendor(session, vendor_id, order_id)
        move_return(order, "rejected")
        session.flush()
        idempotency.remember(session, REJECTED)
        row_id = tell(session, order)
    outbox.deliver(row_id)
    return REJECTED
