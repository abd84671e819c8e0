"""/vendor/orders: the orders of the caller's shop; and all shops' orders for the admin service."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.shops import ORDERS_PATH
from habrio_shared.identity import Caller, internal_only, role_required
from habrio_shared.schemas import Message, next_cursor
from habrio_vendor.orders import queries
from habrio_vendor.orders.accept import accept
from habrio_vendor.orders.cancel import cancel_as_vendor
from habrio_vendor.orders.deliver import deliver
from habrio_vendor.orders.errors import BadChange, IllegalMove, NotYourOrder, OrderNotFound
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.orders.modify import modify
from habrio_vendor.orders.reject import reject
from habrio_vendor.orders.rules import payment_status
from habrio_vendor.orders.schemas import (
    AdminOrder,
    AdminOrdersOut,
    AdminOrdersQuery,
    CancelIn,
    Cancelled,
    LineData,
    Modified,
    ModifyIn,
    OrderData,
    OrdersOut,
    OrdersQuery,
    StatusIn,
)
from habrio_vendor.returns.models import VendorReturn
from habrio_vendor.returns.schemas import ReturnData, ReturnLineData
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.queries import has_shop

bp = ApiBlueprint("orders")

MOVE_ERRORS = (ShopNotFound, OrderNotFound, NotYourOrder, IllegalMove)
VERBS = {"accepted": accept, "rejected": reject, "delivered": deliver}


@bp.get("/vendor/orders", errors=(ShopNotFound,), first=has_shop)
@role_required("vendor")
def list_orders(query: OrdersQuery, caller: Caller) -> OrdersOut:
    """Your shop's orders, newest first."""
    wanted = queries.Wanted(query.status, query.payment_mode, query.since, query.until)
    found = queries.orders_of_vendor(caller.user_id, wanted, limit=query.size + 1, before_id=query.cursor)
    return OrdersOut(
        orders=[_render(order) for order in found[: query.size]],
        next_cursor=next_cursor([order.order_id for order in found], query.size),
    )


@bp.post("/vendor/orders/<id:order_id>/status", errors=MOVE_ERRORS, idempotent=True, first=has_shop)
@role_required("vendor:deliver_order")
def set_status(order_id: int, body: StatusIn, caller: Caller) -> Message:
    """Accept, reject or deliver an order.

    A wallet order's money reaches you on delivery.
    """
    return VERBS[body.status](caller.user_id, order_id)


@bp.post("/vendor/orders/<id:order_id>/modify", errors=(*MOVE_ERRORS, BadChange), idempotent=True, first=has_shop)
@role_required("vendor:modify_order")
def modify_order(order_id: int, body: ModifyIn, caller: Caller) -> Modified:
    """Propose fewer pieces than were ordered; the consumer has to confirm.

    Nothing is given back until then, and an order whose change nobody confirms in time is cancelled.
    """
    return modify(caller.user_id, order_id, [(line.item_id, line.quantity) for line in body.modifications])


@bp.post("/vendor/orders/<id:order_id>/cancel", errors=MOVE_ERRORS, idempotent=True, first=has_shop)
@role_required("vendor:cancel_order_vendor")
def cancel(order_id: int, body: CancelIn, caller: Caller) -> Cancelled:
    """Cancel an order; money and stock go back."""
    return cancel_as_vendor(caller.user_id, order_id, body.reason)


@bp.get(ORDERS_PATH)
@internal_only("admin")
def list_orders_for_admin(query: AdminOrdersQuery) -> AdminOrdersOut:
    """The orders placed at any shop, newest first."""
    found = queries.page_of_orders(
        limit=query.size + 1, before_id=query.cursor, status=query.status, shop_id=query.shop_id
    )
    return AdminOrdersOut(
        orders=[_for_admin(*row) for row in found[: query.size]],
        next_cursor=next_cursor([order.order_id for order, _ in found], query.size),
    )


def _for_admin(order: VendorOrder, shop_name: str) -> AdminOrder:
    return AdminOrder.model_validate(
        {
            "order_id": order.order_id,
            "shop_id": order.shop_id,
            "shop_name": shop_name,
            "consumer_id": order.consumer_id,
            "consumer": order.phone,
            "consumer_name": order.name,
            "society": order.society,
            "status": order.status,
            "payment_mode": order.payment_mode,
            "total_paise": order.total_paise,
            "placed_at": order.placed_at,
        }
    )


def _render(order: VendorOrder) -> OrderData:
    if order.payment_mode is None or order.placed_at is None:
        raise RuntimeError(f"order {order.order_id} was never placed")
    return OrderData(
        order_id=order.order_id,
        customer=order.phone,
        customer_name=order.name,
        flat_number=order.flat_number,
        society=order.society,
        payment_mode=order.payment_mode,
        payment_status=payment_status(
            order.payment_mode,
            order.status,
            charged_paise=order.total_paise,
            refunded_paise=order.refunded_paise,
        ),
        status=order.status,
        total_amount=order.total_paise,
        final_amount=order.final_paise,
        delivery_notes=order.delivery_notes,
        created_at=order.placed_at,
        items=[
            LineData(
                item_id=line.item_id,
                name=line.name,
                unit=line.unit,
                quantity=line.shown_quantity,
                unit_price=line.unit_price_paise,
                subtotal=line.subtotal_paise,
            )
            for line in order.shown_lines
        ],
        returns=[_render_return(known) for known in order.returns],
    )


def _render_return(known: VendorReturn) -> ReturnData:
    return ReturnData(
        number=known.number,
        status=known.status,
        by=known.by,
        reason=known.reason,
        items=[ReturnLineData(item_id=line.item_id, quantity=line.quantity) for line in known.lines],
        refund=known.refund_paise,
        created_at=known.raised_at,
    )
