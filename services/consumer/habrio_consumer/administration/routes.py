"""/internal/admin: orders and wallets, for the admin service."""

from __future__ import annotations

from typing import Any

from habrio_consumer.administration import queries
from habrio_consumer.administration.queries import Filters
from habrio_consumer.administration.schemas import AdjustedOut, OrderOut, OrdersOut, OrdersQuery
from habrio_consumer.orders.errors import OrderNotFound
from habrio_consumer.orders.models import Order
from habrio_consumer.wallet.adjust import adjust
from habrio_consumer.wallet.errors import AdjustmentReused
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.customers import (
    ORDERS_PATH,
    MoneyMove,
    OrderDetail,
    OrderLineData,
    OrderStep,
    OrderSummary,
)
from habrio_shared.contracts.orders import Refusal
from habrio_shared.contracts.wallets import ADJUST_PATH, AdjustWallet
from habrio_shared.identity import internal_only
from habrio_shared.ledger import InsufficientFunds
from habrio_shared.schemas import next_cursor

bp = ApiBlueprint("administration")


@bp.get(ORDERS_PATH)
@internal_only("admin")
def list_orders(query: OrdersQuery) -> OrdersOut:
    """Everybody's orders, newest first."""
    filters = Filters(query.status, query.user_id, query.shop_id, query.since, query.until)
    found = queries.page_of_orders(filters, limit=query.size + 1, before_id=query.cursor)
    return OrdersOut(
        orders=[OrderSummary(**_facts(order)) for order in found[: query.size]],
        next_cursor=next_cursor([order.id for order in found], query.size),
    )


@bp.get("/internal/admin/orders/<id:order_id>", errors=(OrderNotFound,))
@internal_only("admin")
def show_order(order_id: int) -> OrderOut:
    """One order, with its lines, its timeline and the money that moved for it."""
    order, money = queries.whole_order(order_id)
    return OrderOut(
        order=OrderDetail(
            **_facts(order),
            delivery_notes=order.delivery_notes,
            refusal=_why(order),
            lines=[OrderLineData.model_validate(line, from_attributes=True) for line in order.lines],
            timeline=[OrderStep.model_validate(step, from_attributes=True) for step in order.timeline],
            money=[MoneyMove.model_validate(move, from_attributes=True) for move in money],
        )
    )


@bp.post(ADJUST_PATH, errors=(InsufficientFunds, AdjustmentReused))
@internal_only("admin")
def adjust_wallet(body: AdjustWallet) -> AdjustedOut:
    """Give money to a consumer's wallet, or take some from it."""
    return AdjustedOut(user_id=body.user_id, balance_paise=adjust(body))


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


def _why(order: Order) -> str:
    if order.refusal is None:
        return ""
    refusal = Refusal.model_validate(order.refusal)
    return f"{refusal.word}: {refusal.message}"
