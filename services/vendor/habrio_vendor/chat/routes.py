"""/vendor/orders/<id>/message and …/messages."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, role_required
from habrio_shared.schemas import Message, PagedQuery, next_cursor
from habrio_vendor.chat import queries
from habrio_vendor.chat.say import say
from habrio_vendor.chat.schemas import MessageData, MessageIn, MessagesOut
from habrio_vendor.orders.errors import NotYourOrder, OrderNotFound
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.queries import has_shop

bp = ApiBlueprint("chat")

ERRORS = (ShopNotFound, OrderNotFound, NotYourOrder)


@bp.post("/vendor/orders/<id:order_id>/message", errors=ERRORS, idempotent=True, first=has_shop)
@role_required("vendor")
def send(order_id: int, body: MessageIn, caller: Caller) -> Message:
    """Write to the consumer about an order."""
    return say(caller.user_id, order_id, body.message)


@bp.get("/vendor/orders/<id:order_id>/messages", errors=ERRORS, first=has_shop)
@role_required("vendor")
def messages(order_id: int, query: PagedQuery, caller: Caller) -> MessagesOut:
    """What was said about an order, newest first."""
    order, found = queries.conversation(caller.user_id, order_id, limit=query.size + 1, before_id=query.cursor)
    phones = {"consumer": order.phone, "vendor": caller.phone}
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
