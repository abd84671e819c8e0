"""Reading the conversation about an order."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from habrio_consumer.chat.models import ChatMessage
from habrio_consumer.orders.models import Order
from habrio_consumer.orders.queries import of_consumer
from habrio_shared.database import reading


def conversation(user_id: int, order_id: int, *, limit: int, before_id: int | None) -> tuple[Order, list[ChatMessage]]:
    """The order, and up to `limit` messages about it, newest first; older than the message `before_id` if given.

    OrderNotFound, NotYourOrder.
    """
    query = (
        select(ChatMessage)
        .where(ChatMessage.order_id == order_id)
        .order_by(ChatMessage.at.desc(), ChatMessage.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        last = select(ChatMessage.at).where(ChatMessage.id == before_id, ChatMessage.order_id == order_id)
        at = last.scalar_subquery()
        query = query.where(or_(ChatMessage.at < at, and_(ChatMessage.at == at, ChatMessage.id < before_id)))
    with reading() as session:
        return of_consumer(session, user_id, order_id), list(session.scalars(query))
