"""/consumer/orders/<id>/message and …/messages."""

from __future__ import annotations

from habrio_consumer.chat import queries
from habrio_consumer.chat.say import say
from habrio_consumer.chat.schemas import MessageData, MessageIn, MessagesOut
from habrio_consumer.orders.errors import NotYourOrder, OrderNotFound
from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, role_required
from habrio_shared.schemas import Message, PagedQuery, next_cursor

bp = ApiBlueprint("chat")


@bp.post("/consumer/orders/<id:order_id>/message", errors=(OrderNotFound, NotYourOrder), idempotent=True)
@role_required("consumer")
def send(order_id: int, body: MessageIn, caller: Caller) -> Message:
    """Write to the shop about an order."""
    return say(caller.user_id, order_id, body.message)


@bp.get("/consumer/orders/<id:order_id>/messages", errors=(OrderNotFound, NotYourOrder))
@role_required("consumer")
def messages(order_id: int, query: PagedQuery, caller: Caller) -> MessagesOut:
    """What was said about an order, newest first."""
    order, found = queries.conversation(caller.user_id, order_id, limit=query.size + 1, before_id=query.cursor)
    phones = {"consumer": caller.phone, "vendor": order.vendor_phone}
    return MessagesOut(
        messages=[
            MessageData(
                id=said.id,
                order_id=said.order_id,
                sender_phone=phones.get(said.author, ""),
                message=said.text,
                timestamp=said.at,
            )
            for said in found[: query.size]
        ],
        next_cursor=next_cursor([said.id for said in found], query.size),
    )
