"""An order is placed: its row is the commit point of the whole order, and its reservation (DESIGN.md §6)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_shared import telemetry
from habrio_shared.contracts.orders import PlaceOrder, Refusal, VendorOrderState
from habrio_shared.contracts.places import place_key
from habrio_shared.database import insert_ignore
from habrio_shared.metrics.committed import count_when_committed
from habrio_shared.metrics.series import ORDER_MOVES
from habrio_vendor.items import stock
from habrio_vendor.items.models import Item
from habrio_vendor.notices.models import Notice
from habrio_vendor.notices.queries import phone_of_shop
from habrio_vendor.orders.models import VendorOrder, VendorOrderLine
from habrio_vendor.orders.move import due_after
from habrio_vendor.orders.queries import just_inserted, locked
from habrio_vendor.orders.rules import Offer, refusal, refusal_of_lines, total_paise
from habrio_vendor.settings import current_settings
from habrio_vendor.shops.models import Shop
from habrio_vendor.shops.queries import hours_time, takes_orders


def place(session: Session, wanted: PlaceOrder) -> VendorOrderState:
    """Reserve every line and make the order pending, or leave a tombstone that says why not.

    An order that has a row already is answered by what that says: a double changes nothing, and what was cancelled
    before it arrived stays cancelled.
    """
    tombstone = {"order_id": wanted.order_id, "status": "refused", "moved_by": "vendor"}
    is_new = insert_ignore(session, VendorOrder, tombstone)
    order = just_inserted(session, wanted.order_id) if is_new else locked(session, wanted.order_id)
    if order is None:
        raise RuntimeError(f"order {wanted.order_id} is neither there nor can it be written")
    if not is_new:
        return order.state()
    why_not = _refusal(session, wanted)
    if why_not is not None:
        order.refusal = why_not.model_dump(mode="json")
    else:
        _fill(order, wanted)
        order.vendor_phone = phone_of_shop(session, wanted.shop_id)
        session.flush()
        _tell_the_vendor(session, order)
    session.flush()
    count_when_committed(session, ORDER_MOVES.labels(order.status, "vendor"))
    return order.state()


def _tell_the_vendor(session: Session, order: VendorOrder) -> None:
    if order.vendor_phone:
        trace = telemetry.current()
        session.add(Notice(order_id=order.order_id, phone=order.vendor_phone, traceparent=trace))


def _refusal(session: Session, wanted: PlaceOrder) -> Refusal | None:
    """Reserve every line and return None; or reserve nothing and return why."""
    query = select(Shop, takes_orders(hours_time(session))).where(Shop.id == wanted.shop_id)
    shop, is_open = session.execute(query).one_or_none() or (None, False)
    here = (place_key(wanted.city), place_key(wanted.society))
    if shop is None or (shop.city_key, shop.society_key) != here:
        return refusal("shop_not_found")
    if not is_open:
        return refusal("shop_closed")
    items = stock.lock(session, [line.item_id for line in wanted.lines])
    offers = {item.id: _offer(item) for item in items.values() if item.shop_id == shop.id}
    why_not = refusal_of_lines(wanted.lines, offers)
    if why_not is None:
        stock.reserve(
            session,
            {line.item_id: line.quantity for line in wanted.lines},
            shown_paise={line.item_id: line.unit_price_paise for line in wanted.lines},
        )
    return why_not


def _offer(item: Item) -> Offer:
    return Offer(
        title=item.title,
        price_paise=item.price_paise,
        in_stock=item.in_stock,
        on_sale=item.is_active and item.is_available,
    )


def _fill(order: VendorOrder, wanted: PlaceOrder) -> None:
    order.status = "pending"
    order.due_at = due_after("pending")
    order.moved_by = "consumer"
    order.shop_id = wanted.shop_id
    order.consumer_id = wanted.consumer_id
    order.phone = wanted.phone
    order.name = wanted.name
    order.flat_number = wanted.flat_number
    order.society = wanted.society
    order.payment_mode = wanted.payment_mode
    order.delivery_notes = wanted.delivery_notes
    order.placed_at = wanted.placed_at
    order.total_paise = total_paise(wanted.lines)
    order.commission_basis_points = current_settings().commission_basis_points
    order.lines = [
        VendorOrderLine(
            item_id=line.item_id,
            position=position,
            name=line.title,
            unit=line.unit,
            quantity=line.quantity,
            unit_price_paise=line.unit_price_paise,
        )
        for position, line in enumerate(wanted.lines, start=1)
    ]
