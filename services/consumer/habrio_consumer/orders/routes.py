"""/consumer/order and /consumer/orders."""

from __future__ import annotations

from typing import Any

from habrio_consumer.issues.queries import issues_of
from habrio_consumer.issues.schemas import IssueData
from habrio_consumer.orders import queries
from habrio_consumer.orders.cancel import cancel
from habrio_consumer.orders.confirm_change import confirm_change
from habrio_consumer.orders.errors import (
    CartEmpty,
    IllegalMove,
    InsufficientBalance,
    NotYourOrder,
    OrderNotFound,
    Refused,
)
from habrio_consumer.orders.models import Order
from habrio_consumer.orders.place import place
from habrio_consumer.orders.rules import status_shown
from habrio_consumer.orders.schemas import (
    CancelIn,
    Cancelled,
    Confirmed,
    ConfirmIn,
    HistoryOut,
    HistoryQuery,
    LineData,
    OneOrderData,
    OneOrderOut,
    OrderData,
    Placed,
    Step,
)
from habrio_consumer.ratings.queries import rating_of
from habrio_consumer.ratings.schemas import RatingData
from habrio_consumer.returns.models import Return
from habrio_consumer.returns.queries import returns_of
from habrio_consumer.returns.rules import status_shown as return_shown
from habrio_consumer.returns.schemas import ReturnData, ReturnLineData
from habrio_shared.api import ApiBlueprint
from habrio_shared.errors import TooManyRequests
from habrio_shared.identity import Caller, role_required
from habrio_shared.limiter import client_address, count
from habrio_shared.schemas import next_cursor

bp = ApiBlueprint("orders")


@bp.post(
    "/consumer/order/confirm",
    errors=(CartEmpty, InsufficientBalance, Refused, TooManyRequests),
    idempotent=True,
    may_end_later=True,
)
@role_required("consumer:confirm_order")
def confirm(body: ConfirmIn, caller: Caller) -> tuple[Placed, int]:
    """Order what is in your cart, at the prices last shown to you.

    202 when the shop's word is not known within 3 seconds: the order is finished by itself.
    """
    count("order_limit_per_ip", client_address())
    count("order_limit_per_user", str(caller.user_id))
    return place(caller, body)


@bp.get("/consumer/order/history")
@role_required("consumer")
def history(query: HistoryQuery, caller: Caller) -> HistoryOut:
    """Your orders, newest first."""
    found = queries.history(caller.user_id, limit=query.size + 1, before_id=query.cursor)
    return HistoryOut(
        orders=[OrderData(**_facts(order)) for order in found[: query.size]],
        next_cursor=next_cursor([order.id for order in found], query.size),
    )


@bp.get("/consumer/orders/<id:order_id>", errors=(OrderNotFound, NotYourOrder))
@role_required("consumer")
def show(order_id: int, caller: Caller) -> OneOrderOut:
    """One order, with its timeline and what followed its delivery."""
    order = queries.one_order(caller.user_id, order_id)
    rating = rating_of(order_id)
    return OneOrderOut(
        order=OneOrderData(
            **_facts(order),
            timeline=[Step(status=step.status, by=step.by, at=step.at) for step in order.timeline],
            returns=[_render_return(known) for known in returns_of(order_id)],
            issues=[IssueData.model_validate(issue, from_attributes=True) for issue in issues_of(order_id)],
            rating=None if rating is None else RatingData.model_validate(rating, from_attributes=True),
        )
    )


@bp.post(
    "/consumer/orders/<id:order_id>/confirm-modified",
    errors=(OrderNotFound, NotYourOrder, IllegalMove),
    idempotent=True,
    may_end_later=True,
)
@role_required("consumer:confirm_order")
def confirm_modified(order_id: int, caller: Caller) -> tuple[Confirmed, int]:
    """Agree to what the shop has made of your order; the difference goes back to your wallet.

    202 when the shop's word is not known within 3 seconds: it is asked until it answers.
    """
    return confirm_change(caller.user_id, order_id)


@bp.post(
    "/consumer/orders/<id:order_id>/cancel",
    errors=(OrderNotFound, NotYourOrder, IllegalMove),
    idempotent=True,
    may_end_later=True,
)
@role_required("consumer:cancel_order")
def cancel_order(order_id: int, body: CancelIn, caller: Caller) -> tuple[Cancelled, int]:
    """Cancel an order that is not delivered; money and stock go back.

    202 when the shop's word is not known within 3 seconds: it is asked until it answers.
    """
    return cancel(caller.user_id, order_id, body.reason)


def _facts(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "shop_id": order.shop_id,
        "shop_name": order.shop_name,
        "shop_type": order.shop_type,
        "payment_mode": order.payment_mode,
        "payment_status": order.payment_status,
        "status": status_shown(order.status),
        "total_amount": order.total_paise,
        "final_amount": order.final_paise,
        "delivery_notes": order.delivery_notes,
        "created_at": order.created_at,
        "item_count": len(order.shown_lines),
        "items": [
            LineData(
                item_id=line.item_id,
                name=line.title,
                unit=line.unit,
                quantity=line.shown_quantity,
                unit_price=line.unit_price_paise,
                subtotal=line.subtotal_paise,
            )
            for line in order.shown_lines
        ],
    }


def _render_return(known: Return) -> ReturnData:
    return ReturnData(
        id=known.id,
        number=known.number,
        status=return_shown(known.status),
        by=known.by,
        reason=known.reason,
        items=[ReturnLineData(item_id=line.item_id, quantity=line.quantity) for line in known.lines],
        refund=known.refund_paise,
        created_at=known.created_at,
    )
