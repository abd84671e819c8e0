"""Moving an order on: what every move has in common, and what every move of a vendor has on top."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from habrio_shared import idempotency, outbox
from habrio_shared.contracts.orders import MOVED, Actor, VendorOrderStatus
from habrio_shared.database import db_now, transaction
from habrio_shared.schemas import Answer
from habrio_vendor.items import stock
from habrio_vendor.orders.errors import IllegalMove
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.orders.queries import locked_of_vendor
from habrio_vendor.orders.rules import may_move

Effect = Callable[[Session, VendorOrder], None]
AnswerT = TypeVar("AnswerT", bound=Answer)


def no_effect(_session: Session, _order: VendorOrder) -> None:
    """The move changes the order alone."""


def release_stock(session: Session, order: VendorOrder) -> None:
    """What the order held can be sold again."""
    stock.release(session, order.quantities)


def take_stock_out(session: Session, order: VendorOrder) -> None:
    """What the order held has left the shop."""
    stock.take_out(session, order.quantities, order_id=order.order_id)


def move(
    session: Session, order: VendorOrder, to: VendorOrderStatus, *, by: Actor, reason: str, effect: Effect
) -> None:
    """Move a locked order and do what follows for its stock; IllegalMove if its state forbids it."""
    if not may_move(order.status, by, to):
        raise IllegalMove(order.status, to)
    effect(session, order)
    order.status = to
    order.version += 1
    order.moved_by = by
    order.moved_at = db_now()  # read back by the flush
    order.reason = reason
    session.flush()


def move_as_vendor(
    vendor_id: int,
    order_id: int,
    to: VendorOrderStatus,
    *,
    effect: Effect,
    render: Callable[[VendorOrder], AnswerT],
    reason: str = "",
) -> AnswerT:
    """One transaction: the move, its effect on the stock, the message to the consumer; then the message is delivered.

    OrderNotFound, NotYourOrder, IllegalMove. With the consumer service away the answer is the same: the relay tells it.
    """
    with transaction() as session:
        idempotency.claim(session)
        order = locked_of_vendor(session, vendor_id, order_id)
        move(session, order, to, by="vendor", reason=reason, effect=effect)
        answer = render(order)
        idempotency.remember(session, answer)
        row_id = outbox.put(session, MOVED, f"moved:{order.order_id}:{order.version}", order.state())
    outbox.deliver(row_id)
    return answer
