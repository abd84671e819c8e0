"""A vendor writes to the consumer about an order."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from habrio_shared import idempotency, outbox
from habrio_shared.contracts.chat import SAID_BY_VENDOR, Said
from habrio_shared.database import db_now, transaction
from habrio_shared.schemas import Message
from habrio_vendor.chat.note import note
from habrio_vendor.orders.queries import of_vendor


def say(vendor_id: int, order_id: int, text: str) -> Message:
    """The consumer reads it at once, or as soon as the consumer service is back. OrderNotFound, NotYourOrder."""
    answer = Message(message="Your message has been sent")
    with transaction() as session:
        idempotency.claim(session)
        of_vendor(session, vendor_id, order_id)
        at = session.execute(select(db_now())).scalar_one()
        said = Said(message_id=f"said:{uuid.uuid4().hex}", order_id=order_id, text=text, at=at)
        note(session, said, "vendor")
        idempotency.remember(session, answer)
        row_id = outbox.put(session, SAID_BY_VENDOR, said.message_id, said)
    outbox.deliver(row_id)
    return answer
