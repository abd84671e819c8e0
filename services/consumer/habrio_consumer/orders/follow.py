"""The consumer's order follows the vendor's row: the one place where the vendor's word takes effect.

Its word comes as the reply to what a consumer wants, and as a message about a move; late, twice, and in any order. It
says how the order stands, whole, with a version: what is newer is applied, what is older only fills its place in the
timeline and in the chat.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.cart.take import bring_lines_back, drop_lines
from habrio_consumer.chat.note import note_move
from habrio_consumer.orders import money
from habrio_consumer.orders.change import follow_change
from habrio_consumer.orders.models import Order, TimelineStep
from habrio_consumer.returns.follow import follow_returns
from habrio_shared import idempotency
from habrio_shared.contracts.orders import DELIVERED, VendorOrderState
from habrio_shared.database import insert_ignore
from habrio_shared.metrics.committed import count_when_committed
from habrio_shared.metrics.series import ORDER_MOVES


def follow(session: Session, order: Order, state: VendorOrderState) -> None:
    """Apply `state` to the locked order: status, money, cart, timeline, chat, returns; in the caller's transaction."""
    if state.status != "refused":
        step = {"order_id": order.id, "version": state.version, "status": state.status, "by": state.by, "at": state.at}
        insert_ignore(session, TimelineStep, {**step, "reason": state.reason})
        note_move(session, state)
    order.vendor_phone = state.vendor_phone or order.vendor_phone
    if state.version > order.vendor_version:
        _move_on(session, order, state)
    follow_returns(session, order, state)


def _move_on(session: Session, order: Order, state: VendorOrderState) -> None:
    was_placing = order.status == "placing"
    if state.changes > order.changes or "awaiting_consumer_confirmation" in (order.status, state.status):
        follow_change(session, order, state)
    order.vendor_version = state.version
    if state.status == "refused":
        _fail(session, order, state)
    else:
        order.status = state.status
        if was_placing:
            drop_lines(session, order.id)
        if state.status in ("rejected", "cancelled"):
            money.release(session, order)
        elif state.status in DELIVERED:
            money.capture(session, order)
    session.flush()
    count_when_committed(session, ORDER_MOVES.labels(order.status, "consumer"))


def _fail(session: Session, order: Order, state: VendorOrderState) -> None:
    """As if it had never been: the cart is as it was (unless there is a new one), the money back, the key free."""
    if state.refusal is None:
        raise RuntimeError(f"order {order.id} was refused without a reason")
    order.status = "failed"
    order.refusal = state.refusal.model_dump(mode="json")
    bring_lines_back(session, order.user_id, order.id)
    money.release(session, order)
    idempotency.forget(session, f"order:{order.id}")
