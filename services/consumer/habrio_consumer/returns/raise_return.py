"""A consumer raises a return: the wish is recorded, and the vendor's row decides whether it may be."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.orders.models import Order
from habrio_consumer.orders.queries import lines_of_order, locked_of_consumer, order_by_id
from habrio_consumer.returns.errors import ReturnRefused
from habrio_consumer.returns.models import Return, ReturnedLine
from habrio_consumer.returns.queries import known_returns, return_by_id
from habrio_consumer.returns.schemas import Raised, RaiseIn
from habrio_consumer.settings import current_settings
from habrio_shared import idempotency, outbox
from habrio_shared.contracts.orders import ReturnLine
from habrio_shared.contracts.returns import RAISE_RETURN, RaiseReturn, fault_of_return
from habrio_shared.database import transaction

ACCEPTED = 202


def raise_return(user_id: int, order_id: int, given: RaiseIn) -> tuple[Raised, int]:
    """200 with the return's id; 202 when the vendor's word is not known within 3 s.

    OrderNotFound, NotYourOrder; ReturnRefused if it may not be, by what is known here or at the vendor's.
    """
    try:
        with transaction() as session:
            idempotency.claim(session)
            return_id = _ask(session, locked_of_consumer(session, user_id, order_id), given)
            idempotency.remember(session, _being_raised(return_id), ACCEPTED, subject=subject(return_id))
    except idempotency.Replayed as first:
        return_id = int(first.answer["return_id"])
    return _outcome(return_id)


def subject(return_id: int) -> str:
    """The name of a wish, by which its key is forgotten if the vendor's word is no."""
    return f"return:{return_id}"


def _ask(session: Session, order: Order, given: RaiseIn) -> int:
    """The id of a new return that is asked for; an order has one open return at a time, asked ones included."""
    wanted = [ReturnLine(item_id=line.item_id, quantity=line.quantity) for line in given.items]
    delivered = {line.item_id: line.quantity for line in lines_of_order(session, order.id) if line.quantity}
    known = [row.state() for row in known_returns(session, order.id)]
    fault = fault_of_return(order.status, delivered, known, wanted)
    if fault is not None:
        raise ReturnRefused(fault, order.status)
    new = Return(
        order_id=order.id,
        status="asked",
        by="consumer",
        reason=given.reason,
        lines=[ReturnedLine(item_id=line.item_id, quantity=line.quantity) for line in wanted],
    )
    session.add(new)
    session.flush()
    wish = RaiseReturn(order_id=order.id, wish_id=new.id, reason=given.reason, lines=wanted)
    new.ask_row_id = outbox.put(session, RAISE_RETURN, subject(new.id), wish)
    session.flush()
    return new.id


def _outcome(return_id: int) -> tuple[Raised, int]:
    """How the return stands once the vendor was asked (again: a repeat is answered as the first was)."""
    row = return_by_id(return_id)
    if row.status == "asked" and row.ask_row_id is not None:
        outbox.deliver(outbox.RowId(row.ask_row_id), current_settings().order_timeout_seconds)
        row = return_by_id(return_id)
    if row.status == "asked":
        return _being_raised(return_id), ACCEPTED
    if row.fault is not None:
        raise ReturnRefused(row.fault, order_by_id(row.order_id).status)
    return Raised(message="Your return has been raised; the shop will look at it", return_id=return_id), 200


def _being_raised(return_id: int) -> Raised:
    return Raised(message="Your return is being raised", return_id=return_id)
