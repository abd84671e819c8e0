"""Reading vendor orders, with a lock and without."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from habrio_shared.database import db_now, reading
from habrio_vendor.orders.errors import NotYourOrder, OrderNotFound
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.shops.models import Shop
from habrio_vendor.shops.queries import shop_id_of


def locked(session: Session, order_id: int) -> VendorOrder | None:
    """The order's row with its lines, locked until the transaction ends: what decides every race."""
    query = (
        select(VendorOrder)
        .where(VendorOrder.order_id == order_id)
        .options(selectinload(VendorOrder.lines))
        .with_for_update()
    )
    return session.scalars(query).one_or_none()


def due_order_ids(session: Session, *, limit: int) -> list[int]:
    """Up to `limit` orders that the timer is to end by now, the longest due first."""
    query = select(VendorOrder.order_id).where(_is_due()).order_by(VendorOrder.due_at).limit(limit)
    return list(session.scalars(query))


def locked_if_due(session: Session, order_id: int) -> VendorOrder | None:
    """The order with its lines, locked, if the timer is to end it; None if not, or if somebody else works on it."""
    query = (
        select(VendorOrder)
        .where(VendorOrder.order_id == order_id, _is_due())
        .options(selectinload(VendorOrder.lines))
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).one_or_none()


def locked_of_vendor(session: Session, vendor_id: int, order_id: int) -> VendorOrder:
    """The order, if it was placed at the vendor's shop, locked; OrderNotFound or NotYourOrder otherwise."""
    shop_id = shop_id_of(session, vendor_id)
    return _placed_at(locked(session, order_id), shop_id)


def of_vendor(session: Session, vendor_id: int, order_id: int) -> VendorOrder:
    """The order's row, without a lock and without its lines, for its vendor; OrderNotFound, NotYourOrder."""
    order = session.get(VendorOrder, order_id)
    return _placed_at(order, shop_id_of(session, vendor_id))


def orders_of_vendor(
    vendor_id: int, *, limit: int, before_id: int | None = None, status: str | None = None
) -> list[VendorOrder]:
    """Up to `limit` orders placed at the vendor's shop with their lines, newest first, older than `before_id` if given:
    two queries, however many orders and lines there are."""
    shop_id = select(Shop.id).where(Shop.vendor_id == vendor_id).scalar_subquery()
    query = (
        select(VendorOrder)
        .where(VendorOrder.shop_id == shop_id)
        .options(selectinload(VendorOrder.lines))
        .order_by(VendorOrder.order_id.desc())
        .limit(limit)
    )
    if status is not None:
        query = query.where(VendorOrder.status == status)
    if before_id is not None:
        query = query.where(VendorOrder.order_id < before_id)
    with reading() as session:
        return list(session.scalars(query))


def _is_due() -> ColumnElement[bool]:
    """The clock as a scalar subquery is read once, so that the index can be searched for it."""
    return VendorOrder.due_at <= select(db_now()).scalar_subquery()


def _placed_at(order: VendorOrder | None, shop_id: int) -> VendorOrder:
    if order is None or order.shop_id is None:
        raise OrderNotFound
    if order.shop_id != shop_id:
        raise NotYourOrder
    return order
