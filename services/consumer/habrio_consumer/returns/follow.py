"""An order's returns follow the vendor's: what is new or has changed takes effect here, its refund included."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.orders import money
from habrio_consumer.orders.models import Order
from habrio_consumer.returns.models import Return, ReturnedLine
from habrio_consumer.returns.queries import known_returns
from habrio_shared.contracts.orders import ReturnState, VendorOrderState


def follow_returns(session: Session, order: Order, state: VendorOrderState) -> None:
    """Bring the returns of the locked order to where `state` has them, unless they have been further already.

    A completed return is refunded by an entry of its own, once, whatever is told late, twice or in another order.
    """
    if state.returns_version <= order.returns_version:
        return
    known = known_returns(session, order.id)
    by_id = {row.id: row for row in known}
    by_number = {row.number: row for row in known if row.number is not None}
    for told in state.returns:
        row = by_number.get(told.number) or by_id.get(told.wish_id or 0) or _new(session, order, told)
        row.number, row.status, row.refund_paise = told.number, told.status, told.refund_paise
        if told.refund_paise:
            money.refund(session, order, told.number, told.refund_paise)
    order.returns_version = state.returns_version
    order.refunded_paise = sum(told.refund_paise for told in state.returns)
    session.flush()


def _new(session: Session, order: Order, told: ReturnState) -> Return:
    """What the vendor initiated."""
    row = Return(
        order_id=order.id,
        by=told.by,
        reason=told.reason,
        created_at=told.raised_at,
        lines=[ReturnedLine(item_id=line.item_id, quantity=line.quantity) for line in told.lines],
    )
    session.add(row)
    return row
