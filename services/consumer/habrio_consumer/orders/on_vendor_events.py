"""What the vendor service says about orders; each handler runs in the transaction that notes it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.orders.confirm_change import subject
from habrio_consumer.orders.follow import follow
from habrio_consumer.orders.money import captured_paise
from habrio_consumer.orders.queries import locked
from habrio_shared import idempotency, inbox, outbox
from habrio_shared.contracts.orders import (
    CANCEL,
    CONFIRM_CHANGE,
    DELIVERED,
    MOVED,
    PLACE,
    CancelOrder,
    ConfirmChange,
    MoveApplied,
    PlaceOrder,
    VendorOrderState,
)


@outbox.on_reply(PLACE)
def on_placed(session: Session, wanted: PlaceOrder, state: VendorOrderState) -> None:
    follow(session, locked(session, wanted.order_id), state)


@outbox.on_reply(CANCEL)
def on_cancel_decided(session: Session, wish: CancelOrder, state: VendorOrderState) -> None:
    follow(session, locked(session, wish.order_id), state)
    if state.status != "cancelled":
        idempotency.forget(session, f"cancel:{wish.order_id}")


@outbox.on_reply(CONFIRM_CHANGE)
def on_confirmation_decided(session: Session, wish: ConfirmChange, state: VendorOrderState) -> None:
    follow(session, locked(session, wish.order_id), state)
    if state.changes < wish.change:
        idempotency.forget(session, subject(wish.order_id, wish.change))


@inbox.on(MOVED)
def on_moved(session: Session, state: VendorOrderState) -> MoveApplied:
    order = locked(session, state.order_id)
    follow(session, order, state)
    return MoveApplied(captured_paise=captured_paise(order) if state.status in DELIVERED else 0)
