"""A consumer cancels: the wish is recorded, the vendor's row decides, and the money comes back with its word."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.orders.errors import IllegalMove
from habrio_consumer.orders.models import Order
from habrio_consumer.orders.queries import locked_of_consumer, one_order
from habrio_consumer.orders.rules import CANCELLABLE
from habrio_consumer.orders.schemas import Cancelled
from habrio_consumer.settings import current_settings
from habrio_shared import idempotency, outbox
from habrio_shared.contracts.orders import CANCEL, CancelOrder
from habrio_shared.database import transaction

ACCEPTED = 202
BEING_CANCELLED = Cancelled(message="Your order is being cancelled", refund=None)


def cancel(user_id: int, order_id: int, reason: str) -> tuple[Cancelled, int]:
    """200 with what came back; 202 when the vendor's word is not known within 3 s.

    OrderNotFound, NotYourOrder; IllegalMove if the order's state forbids it, here or at the vendor's.
    """
    try:
        with transaction() as session:
            idempotency.claim(session)
            order = locked_of_consumer(session, user_id, order_id)
            if order.status not in CANCELLABLE:
                raise IllegalMove(order.status, "cancelled")
            row_id: int | None = _ask(session, order, reason)
            idempotency.remember(session, BEING_CANCELLED, ACCEPTED, subject=f"cancel:{order.id}")
    except idempotency.Replayed:
        # The first call with this key has asked, and may still wait for the word: wait with it.
        with transaction() as session:
            order = locked_of_consumer(session, user_id, order_id)
            row_id = _ask(session, order, reason) if order.status in CANCELLABLE else None
    if row_id is not None:
        outbox.deliver(outbox.RowId(row_id), current_settings().order_timeout_seconds)
    return _outcome(user_id, order_id)


def _ask(session: Session, order: Order, reason: str) -> int:
    """The outbox row of the wish; an order has one, whatever reasons are given for it."""
    wish = CancelOrder(order_id=order.id, shop_id=order.shop_id, reason=reason)
    try:
        return outbox.put(session, CANCEL, f"cancel:{order.id}", wish)
    except outbox.KeyTaken as earlier:
        return earlier.row_id


def _outcome(user_id: int, order_id: int) -> tuple[Cancelled, int]:
    """How the order stands by now; OrderNotFound if it was refused and so never was."""
    order = one_order(user_id, order_id)
    if order.status == "cancelled" and order.timeline[-1].by == "consumer":
        refund_paise = order.total_paise if order.payment_mode == "wallet" else 0
        return Cancelled(message="Your order has been cancelled", refund=refund_paise), 200
    if order.status in CANCELLABLE:
        return BEING_CANCELLED, ACCEPTED
    raise IllegalMove(order.status, "cancelled")
