"""A consumer confirms what the vendor proposed: the vendor's row decides, and the difference comes with its word."""

from __future__ import annotations

from pydantic import BaseModel
from sqlalchemy.orm import Session

from habrio_consumer.orders.errors import IllegalMove
from habrio_consumer.orders.models import Order
from habrio_consumer.orders.queries import lines_of_order, locked_of_consumer, one_order
from habrio_consumer.orders.schemas import Confirmed
from habrio_consumer.settings import current_settings
from habrio_shared import idempotency, outbox
from habrio_shared.contracts.orders import CONFIRM_CHANGE, ConfirmChange
from habrio_shared.database import transaction

ACCEPTED = 202


class Asked(BaseModel):
    """What a confirmation asked for: proposal number `change`, by this outbox row; `refund_paise` if it is granted.

    It is also what an Idempotency-Key is remembered by, for the answer depends on the vendor's word.
    """

    change: int
    row_id: int
    refund_paise: int


def confirm_change(user_id: int, order_id: int) -> tuple[Confirmed, int]:
    """200 with what came back; 202 when the vendor's word is not known within 3 s.

    OrderNotFound, NotYourOrder; IllegalMove if the order's state forbids it, here or at the vendor's.
    """
    try:
        with transaction() as session:
            idempotency.claim(session)
            asked = _ask(session, locked_of_consumer(session, user_id, order_id))
            idempotency.remember(session, asked, ACCEPTED, subject=subject(order_id, asked.change))
    except idempotency.Replayed as first:
        asked = Asked.model_validate(first.answer)
    outbox.deliver(outbox.RowId(asked.row_id), current_settings().order_timeout_seconds)
    return _outcome(user_id, order_id, asked)


def subject(order_id: int, change: int) -> str:
    """The name of a confirmation, by which its key is forgotten if the vendor's word is no."""
    return f"confirm:{order_id}:{change}"


def _ask(session: Session, order: Order) -> Asked:
    """The outbox row of the wish; a proposal has one, however often it is confirmed."""
    if order.status != "awaiting_consumer_confirmation":
        raise IllegalMove(order.status, "confirmed")
    change = order.changes + 1
    row_id = outbox.put(
        session, CONFIRM_CHANGE, subject(order.id, change), ConfirmChange(order_id=order.id, change=change)
    )
    proposed_paise = sum(line.subtotal_paise for line in lines_of_order(session, order.id))
    refund_paise = order.total_paise - proposed_paise if order.payment_mode == "wallet" else 0
    return Asked(change=change, row_id=row_id, refund_paise=refund_paise)


def _outcome(user_id: int, order_id: int, asked: Asked) -> tuple[Confirmed, int]:
    """How the order stands by now, whatever may have followed upon the confirmation."""
    order = one_order(user_id, order_id)
    if order.changes >= asked.change:
        return Confirmed(message="You have confirmed the change", refund=asked.refund_paise), 200
    if order.status == "awaiting_consumer_confirmation":
        return Confirmed(message="The change is being confirmed", refund=None), ACCEPTED
    raise IllegalMove(order.status, "confirmed")
