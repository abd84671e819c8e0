"""A vendor takes pieces of a delivered order back without being asked: the return begins as accepted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from habrio_shared.contracts.orders import ReturnLine
from habrio_shared.schemas import Message
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.orders.move import move_as_vendor
from habrio_vendor.returns.errors import BadReturn
from habrio_vendor.returns.record import add_return, fault_of


def initiate_return(vendor_id: int, order_id: int, wanted: Sequence[ReturnLine], reason: str) -> Message:
    """delivered or return_completed → return_accepted. OrderNotFound, NotYourOrder, IllegalMove, BadReturn."""

    def initiate(session: Session, order: VendorOrder) -> None:
        fault = fault_of(order, wanted)
        if fault is not None:
            raise BadReturn(fault, order.status)
        add_return(session, order, wanted, status="accepted", by="vendor", reason=reason)

    return move_as_vendor(
        vendor_id,
        order_id,
        "return_accepted",
        effect=initiate,
        render=lambda _order: Message(message="The return has been initiated"),
    )
