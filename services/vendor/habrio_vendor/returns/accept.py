"""A vendor accepts the return that the consumer raised."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared.schemas import Message
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.orders.move import move_as_vendor
from habrio_vendor.returns.record import move_return


def accept_return(vendor_id: int, order_id: int) -> Message:
    """delivered or return_completed → return_accepted. OrderNotFound, NotYourOrder, IllegalMove, IllegalReturnMove."""

    def accept(_session: Session, order: VendorOrder) -> None:
        move_return(order, "accepted")

    return move_as_vendor(
        vendor_id,
        order_id,
        "return_accepted",
        effect=accept,
        render=lambda _order: Message(message="The return has been accepted"),
    )
