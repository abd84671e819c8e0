"""An order is cancelled, by its consumer or by its vendor; of two moves at once the row's lock decides."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared.contracts.orders import CancelOrder, VendorOrderState
from habrio_shared.database import insert_ignore
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.orders.move import move, move_as_vendor, release_stock
from habrio_vendor.orders.queries import locked
from habrio_vendor.orders.rules import may_move, refusal
from habrio_vendor.orders.schemas import Cancelled


def cancel_as_vendor(vendor_id: int, order_id: int, reason: str) -> Cancelled:
    """Any state before the delivery → cancelled; says what goes back to the consumer's wallet.

    OrderNotFound, NotYourOrder, IllegalMove.
    """
    return move_as_vendor(
        vendor_id,
        order_id,
        "cancelled",
        effect=release_stock,
        reason=reason,
        render=lambda order: Cancelled(
            message="The order has been cancelled",
            refund=order.total_paise if order.payment_mode == "wallet" else 0,
        ),
    )


def cancel_as_consumer(session: Session, wanted: CancelOrder) -> VendorOrderState:
    """Cancel the order if its state still allows that; the reply says how it stands then.

    An order that has not arrived leaves a tombstone, so that it is never placed when it does.
    """
    tombstone = {
        "order_id": wanted.order_id,
        "status": "cancelled",
        "moved_by": "consumer",
        "reason": wanted.reason,
        "refusal": refusal("order_cancelled").model_dump(mode="json"),
    }
    order = locked(session, wanted.order_id)
    if order is None:
        insert_ignore(session, VendorOrder, tombstone)
        order = locked(session, wanted.order_id)
    if order is None:
        raise RuntimeError(f"order {wanted.order_id} is neither there nor can it be written")
    if may_move(order.status, "consumer", "cancelled"):
        move(session, order, "cancelled", by="consumer", reason=wanted.reason, effect=release_stock)
    return order.state()
