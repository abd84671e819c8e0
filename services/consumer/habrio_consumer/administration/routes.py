"""/internal/admin: orders, customers and figures, for the admin service."""

from __future__ import annotations

from typing import Any

from habrio_consumer.administration import queries
from habrio_consumer.administration.queries import Filters
from habrio_consumer.administration.schemas import (
    CustomerShown,
    FiguresOut,
    OrderOut,
    OrdersOut,
    OrdersQuery,
)
from habrio_consumer.orders.errors import OrderNotFound
from habrio_consumer.orders.models import Order
from habrio_consumer.returns.models import Return
from habrio_consumer.returns.rules import status_shown as return_shown
from habrio_shared import events
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts import stats
from habrio_shared.contracts.customers import (
    ORDERS_PATH,
    CustomerSummary,
    IssueOfOrder,
    MoneyMove,
    OrderDetail,
    OrderLineData,
    OrderStep,
    OrderSummary,
    RatingOfOrder,
    ReturnOfOrder,
    SaidAboutOrder,
)
from habrio_shared.contracts.orders import Refusal, ReturnLine
from habrio_shared.days import DaysQuery
from habrio_shared.identity import internal_only
from habrio_shared.schemas import next_cursor

bp = ApiBlueprint("administration")


@bp.get(ORDERS_PATH)
@internal_only("admin")
def list_orders(query: OrdersQuery) -> OrdersOut:
    """Everybody's orders, newest first."""
    filters = Filters(
        query.status, query.user_id, query.shop_id, query.since, query.until, query.q, query.user_ids or ()
    )
    found = queries.page_of_orders(filters, limit=query.size + 1, before_id=query.cursor)
    return OrdersOut(
        orders=[OrderSummary(**_facts(order)) for order in found[: query.size]],
        next_cursor=next_cursor([order.id for order in found], query.size),
    )


@bp.get("/internal/admin/orders/<id:order_id>", errors=(OrderNotFound,))
@internal_only("admin")
def show_order(order_id: int) -> OrderOut:
    """One order, with its lines, its timeline, the money that moved for it, what was said, and what is in flight."""
    whole = queries.whole_order(order_id)
    order = whole.order
    return OrderOut(
        order=OrderDetail(
            **_facts(order),
            delivery_notes=order.delivery_notes,
            refusal=_why(order),
            lines=[OrderLineData.model_validate(line, from_attributes=True) for line in order.lines],
            timeline=[OrderStep.model_validate(step, from_attributes=True) for step in order.timeline],
            money=[MoneyMove.model_validate(move, from_attributes=True) for move in whole.money],
            messages=[SaidAboutOrder.model_validate(said, from_attributes=True) for said in whole.messages],
            issues=[IssueOfOrder.model_validate(issue, from_attributes=True) for issue in whole.issues],
            returns=[_return(known) for known in whole.returns],
            rating=whole.rating and RatingOfOrder.model_validate(whole.rating, from_attributes=True),
            events=events.summaries(whole.events),
        )
    )


@bp.get("/internal/admin/customers/<id:user_id>")
@internal_only("admin")
def show_customer(user_id: int) -> CustomerShown:
    """A user as a customer; somebody unknown has an empty wallet and no orders."""
    found = queries.customer(user_id)
    return CustomerShown(
        customer=CustomerSummary(
            user_id=user_id,
            flat_number=found.flat_number,
            balance_paise=found.balance_paise,
            orders=found.orders,
        )
    )


@bp.get(stats.ORDERS_PATH)
@internal_only("admin")
def figures(query: DaysQuery) -> FiguresOut:
    """What was ordered and cancelled each day."""
    return FiguresOut(days=queries.figures(query.bounds))


def _facts(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "status": order.status,
        "user_id": order.user_id,
        "shop_id": order.shop_id,
        "shop_name": order.shop_name,
        "payment_mode": order.payment_mode,
        "payment_status": order.payment_status,
        "total_paise": order.total_paise,
        "final_paise": order.final_paise,
        "created_at": order.created_at,
    }


def _return(known: Return) -> ReturnOfOrder:
    return ReturnOfOrder(
        number=known.number,
        status=return_shown(known.status),
        by=known.by,
        reason=known.reason,
        lines=[ReturnLine(item_id=line.item_id, quantity=line.quantity) for line in known.lines],
        refund_paise=known.refund_paise,
        created_at=known.created_at,
    )


def _why(order: Order) -> str:
    if order.refusal is None:
        return ""
    refusal = Refusal.model_validate(order.refusal)
    return f"{refusal.word}: {refusal.message}"
