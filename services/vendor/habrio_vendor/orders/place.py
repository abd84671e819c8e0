"""An order is placed: its row is the commit point of the whole order, and its reservation (DESIGN.md §6).

Every order comes through here, so its statements are made once and its rows are written as they are: nothing of them
has to be found out from the database but the moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import Float, Insert, Select, bindparam, insert, select
from sqlalchemy.orm import Session

from habrio_shared import telemetry
from habrio_shared.contracts.orders import PlaceOrder, Refusal, VendorOrderState
from habrio_shared.contracts.places import place_key
from habrio_shared.database import after, table_of, unless_there
from habrio_shared.metrics.committed import count_when_committed
from habrio_shared.metrics.series import ORDER_MOVES
from habrio_vendor.items import stock
from habrio_vendor.notices.models import Notice
from habrio_vendor.orders.models import VendorOrder, VendorOrderLine
from habrio_vendor.orders.move import seconds_to_answer
from habrio_vendor.orders.queries import locked
from habrio_vendor.orders.rules import Offer, refusal, refusal_of_lines, total_paise
from habrio_vendor.profile.models import Profile
from habrio_vendor.settings import current_settings
from habrio_vendor.shops.models import Shop
from habrio_vendor.shops.queries import hours_time, takes_orders
from habrio_vendor.shops.rules import WeekTime

NEW: Final[Mapping[str, Any]] = {"version": 1, "changes": 0, "returns_version": 0, "reason": "", "vendor_phone": ""}
LINES: Final = insert(table_of(VendorOrderLine))
NOTICE: Final = insert(table_of(Notice))


@lru_cache(maxsize=4)  # hours change it once a minute
def _shop(at: WeekTime | None) -> Select[*tuple[Any, ...]]:
    return (
        select(Shop.city_key, Shop.society_key, takes_orders(at).label("is_open"), Profile.phone)
        .join(Profile, Profile.user_id == Shop.vendor_id)
        .where(Shop.id == bindparam("shop_id"))
    )


@cache
def _order(dialect_name: str) -> Insert:
    due_at = after(bindparam("due_seconds", type_=Float))
    return unless_there(dialect_name, table_of(VendorOrder)).values(due_at=due_at).returning(VendorOrder.moved_at)


def place(session: Session, wanted: PlaceOrder) -> VendorOrderState:
    """Reserve every line and make the order pending, or leave a tombstone that says why not.

    An order that has a row already is answered by what that says: a double changes nothing, and what was cancelled
    before it arrived stays cancelled.
    """
    order = _insert(session, wanted.order_id, _decided(session, wanted))
    if order is None:
        return _state_before(session, wanted.order_id)
    if order.status == "pending":
        _reserve(session, order, wanted)
    count_when_committed(session, ORDER_MOVES.labels(order.status, "vendor"))
    return order.state()


def _decided(session: Session, wanted: PlaceOrder) -> dict[str, Any]:
    """What the order's row is to say, if it has none yet."""
    shop = session.connection().execute(_shop(hours_time(session)), {"shop_id": wanted.shop_id}).one_or_none()
    if shop is None or (shop.city_key, shop.society_key) != (place_key(wanted.city), place_key(wanted.society)):
        return _tombstone(refusal("shop_not_found"))
    if not shop.is_open:
        return _tombstone(refusal("shop_closed"))
    why_not = refusal_of_lines(wanted.lines, _offers(session, wanted))
    return _pending(wanted, shop.phone) if why_not is None else _tombstone(why_not)


def _offers(session: Session, wanted: PlaceOrder) -> dict[int, Offer]:
    """What the shop has of the items, locked until the transaction ends."""
    return {
        item.id: Offer(item.title, item.price_paise, in_stock=item.in_stock, on_sale=item.on_sale)
        for item in stock.lock(session, [line.item_id for line in wanted.lines])
        if item.shop_id == wanted.shop_id
    }


def _tombstone(why_not: Refusal) -> dict[str, Any]:
    return {"status": "refused", "moved_by": "vendor", "refusal": why_not.model_dump(mode="json"), "total_paise": 0}


def _pending(wanted: PlaceOrder, vendor_phone: str) -> dict[str, Any]:
    return {
        "status": "pending",
        "moved_by": "consumer",
        "shop_id": wanted.shop_id,
        "consumer_id": wanted.consumer_id,
        "phone": wanted.phone,
        "name": wanted.name,
        "flat_number": wanted.flat_number,
        "society": wanted.society,
        "vendor_phone": vendor_phone,
        "payment_mode": wanted.payment_mode,
        "delivery_notes": wanted.delivery_notes,
        "placed_at": wanted.placed_at,
        "total_paise": total_paise(wanted.lines),
        "commission_basis_points": current_settings().commission_basis_points,
    }


def _insert(session: Session, order_id: int, said: Mapping[str, Any]) -> VendorOrder | None:
    """The order as this call has written it, of no session; None if it has a row already."""
    row = {**NEW, **said, "order_id": order_id}
    due_seconds = seconds_to_answer(row["status"])
    query = _order(session.get_bind().dialect.name)
    moved_at = session.connection().scalar(query, {**row, "due_seconds": due_seconds})
    return None if moved_at is None else VendorOrder(**row, moved_at=moved_at, lines=[], returns=[])


def _state_before(session: Session, order_id: int) -> VendorOrderState:
    order = locked(session, order_id)
    if order is None:
        raise RuntimeError(f"order {order_id} is neither there nor can it be written")
    return order.state()


def _reserve(session: Session, order: VendorOrder, wanted: PlaceOrder) -> None:
    """Write the lines, hold their stock, and leave word for the vendor, who is told after the commit."""
    stock.reserve(
        session,
        {line.item_id: line.quantity for line in wanted.lines},
        shown_paise={line.item_id: line.unit_price_paise for line in wanted.lines},
    )
    lines = [
        {
            "order_id": wanted.order_id,
            "item_id": line.item_id,
            "position": position,
            "name": line.title,
            "unit": line.unit,
            "quantity": line.quantity,
            "unit_price_paise": line.unit_price_paise,
        }
        for position, line in enumerate(wanted.lines, start=1)
    ]
    order.lines = [VendorOrderLine(**line) for line in lines]
    session.execute(LINES, lines)
    if order.vendor_phone:
        notice = {"order_id": order.order_id, "phone": order.vendor_phone, "traceparent": telemetry.current()}
        session.execute(NOTICE, notice)
