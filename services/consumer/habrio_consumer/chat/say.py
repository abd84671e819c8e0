"""A consumer writes to the shop about an order."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from habrio_consumer.chat.note import note
from habrio_consumer.orders.queries import of_consumer
from habrio_shared import idempotency, outbox
from habrio_shared.contracts.chat import SAID_BY_CONSUMER, Said
from habrio_shared.database import db_now, transaction
from habrio_shared.schemas import Message


def say(user_id: int, order_id: int, text: str) -> Message:
    """The shop reads it at once, or as soon as the vendor service is back. OrderNotFound, NotYourOrder."""
    answer = Message(message="Your message has been sent")
    with transaction() as session:
        idempotency.claim(session)
        of_consumer(session, user_id, order_id)
        at = session.execute(select(db_now())).scalar_one()
        said = Said(message_id=f"said:{uuid.uuid4().hex}", order_id=order_id, text=text, at=at)
        note(session, said, "consumer")
        idempotency.remember(session, answer)
        row_id = outbox.put(session, SAID_BY_CONSUMER, said.message_id, said)
    outbox.deliver(row_id)
    return answer
