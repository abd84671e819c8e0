"""What the consumer service says about orders; each handler runs in the transaction that notes the message."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import inbox
from habrio_shared.contracts.orders import (
    CANCEL,
    CONFIRM_CHANGE,
    PLACE,
    CancelOrder,
    ConfirmChange,
    PlaceOrder,
    VendorOrderState,
)
from habrio_vendor.orders.cancel import cancel_as_consumer
from habrio_vendor.orders.confirm_change import confirm_as_consumer
from habrio_vendor.orders.place import place


@inbox.on(PLACE)
def on_place(session: Session, wanted: PlaceOrder) -> VendorOrderState:
    return place(session, wanted)


@inbox.on(CANCEL)
def on_cancel(session: Session, wanted: CancelOrder) -> VendorOrderState:
    return cancel_as_consumer(session, wanted)


@inbox.on(CONFIRM_CHANGE)
def on_confirm_change(session: Session, wanted: ConfirmChange) -> VendorOrderState:
    return confirm_as_consumer(session, wanted)
