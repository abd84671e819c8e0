"""Moving an order on: what every move has in common, and what every move of a vendor has on top."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from habrio_shared import idempotency, outbox
from habrio_shared.contracts.orders import MOVED, Actor, MoveApplied, VendorOrderStatus
from habrio_shared.database import after, db_now, transaction
from habrio_shared.metrics.committed import count_when_committed
from habrio_shared.metrics.series import ORDER_MOVES
from habrio_shared.schemas import Answer
from habrio_vendor.chat.note import note_move
from habrio_vendor.items import stock
from habrio_vendor.orders.errors import IllegalMove
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.orders.queries import locked_of_vendor
from habrio_vendor.orders.rules import may_move
from habrio_vendor.settings import current_settings

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


def seconds_to_answer(status: VendorOrderStatus) -> float | None:
    """After how many seconds the timer ends an order that comes to `status` now; None: never."""
    settings = current_settings()
    seconds = 0.0
    if status == "pending":
        seconds = settings.vendor_response_timeout
    elif status == "awaiting_consumer_confirmation":
        seconds = settings.modification_timeout
    return seconds or None


def move(
    session: Session, order: VendorOrder, to: VendorOrderStatus, *, by: Actor, reason: str, effect: Effect
) -> None:
    """Move a locked order and do what follows for its stock and in the chat; IllegalMove if its state forbids it.

    Whatever move answers a proposal ends it.
    """
    if not may_move(order.status, by, to):
        raise IllegalMove(order.status, to)
    was_proposed = order.status == "awaiting_consumer_confirmation"
    effect(session, order)
    if was_proposed:
        for line in order.lines:
            line.proposed_quantity = None
    order.status = to
    seconds = seconds_to_answer(to)
    order.due_at = None if seconds is None else after(seconds)
    order.version += 1
    order.moved_by = by
    order.moved_at = db_now()  # read back by the flush
    order.reason = reason
    session.flush()
    count_when_committed(session, ORDER_MOVES.labels(to, "vendor"))
    note_move(session, order.state())


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
        row_id = tell(session, order)
    outbox.deliver(row_id)
    return answer


def tell(session: Session, order: VendorOrder) -> outbox.RowId[MoveApplied]:
    """Promise the consumer service the word of how the order stands since its last move, or change of a return."""
    key = f"moved:{order.order_id}:{order.version}"
    if order.returns_version:
        key += f":{order.returns_version}"
    return outbox.put(session, MOVED, key, order.state())
