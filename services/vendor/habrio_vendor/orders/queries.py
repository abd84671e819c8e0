"""Reading vendor orders, with a lock and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session, selectinload

from habrio_shared.database import db_now, reading
from habrio_vendor.orders.errors import NotYourOrder, OrderNotFound
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.returns.models import VendorReturn
from habrio_vendor.settings import current_settings
from habrio_vendor.shops.models import Shop
from habrio_vendor.shops.queries import shop_id_of

WHOLE = (selectinload(VendorOrder.lines), selectinload(VendorOrder.returns).selectinload(VendorReturn.lines))
"""What an order's state is made of, beside its row."""


def locked(session: Session, order_id: int) -> VendorOrder | None:
    """The order's row with its lines and returns, locked until the transaction ends: what decides every race."""
    query = select(VendorOrder).where(VendorOrder.order_id == order_id).options(*WHOLE).with_for_update()
    return session.scalars(query).one_or_none()


def due_order_ids(session: Session, *, limit: int) -> list[int]:
    """Up to `limit` orders that the timer is to end by now, the longest due first."""
    query = select(VendorOrder.order_id).where(_is_due()).order_by(VendorOrder.due_at).limit(limit)
    return list(session.scalars(query))


def locked_if_due(session: Session, order_id: int) -> VendorOrder | None:
    """The whole order, locked, if the timer is to end it; None if not, or if somebody else works on it."""
    query = (
        select(VendorOrder)
        .where(VendorOrder.order_id == order_id, _is_due())
        .options(*WHOLE)
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders a list is to show: those that meet every filter given. `since` and `until` are days of TIME_ZONE,
    both included."""

    status: str | None = None
    payment_mode: str | None = None
    since: date | None = None
    until: date | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.status is not None:
            yield VendorOrder.status == self.status
        if self.payment_mode is not None:
            yield VendorOrder.payment_mode == self.payment_mode
        if self.since is not None:
            yield VendorOrder.placed_at >= _midnight(self.since)
        if self.until is not None:
            yield VendorOrder.placed_at < _midnight(self.until + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=current_settings().zone)


def orders_of_vendor(vendor_id: int, wanted: Wanted, *, limit: int, before_id: int | None = None) -> list[VendorOrder]:
    """Up to `limit` orders placed at the vendor's shop with their lines, newest first, older than `before_id` if given:
    two queries, however many orders and lines there are."""
    shop_id = select(Shop.id).where(Shop.vendor_id == vendor_id).scalar_subquery()
    query = select(VendorOrder).where(VendorOrder.shop_id == shop_id, *wanted.conditions()).options(*WHOLE)
    with reading() as session:
        return list(session.scalars(_newest_first(query, limit, before_id)))


def _is_due() -> ColumnElement[bool]:
    """The clock as a scalar subquery is read once, so that the index can be searched for it."""
    return VendorOrder.due_at <= select(db_now()).scalar_subquery()


def _placed_at(order: VendorOrder | None, shop_id: int) -> VendorOrder:
    if order is None or order.shop_id is None:
        raise OrderNotFound
    if order.shop_id != shop_id:
        raise NotYourOrder
    return order


def page_of_orders(
    *, limit: int, before_id: int | None = None, status: str | None = None, shop_id: int | None = None
) -> list[tuple[VendorOrder, str]]:
    """Up to `limit` orders placed at any shop, or at the one given, each with its shop's name, newest first, older than
    `before_id` if given."""
    query = select(VendorOrder, Shop.shop_name).join(Shop, Shop.id == VendorOrder.shop_id)
    if status is not None:
        query = query.where(VendorOrder.status == status)
    if shop_id is not None:
        query = _newest_first(query.where(VendorOrder.shop_id == shop_id), limit, before_id)
    else:
        query = query.order_by(VendorOrder.order_id.desc()).limit(limit)
        if before_id is not None:
            query = query.where(VendorOrder.order_id < before_id)
    with reading() as session:
        return [(order, name) for order, name in session.execute(query)]


Columns = TypeVarTuple("Columns")


def _newest_first(query: Select[*Columns], limit: int, before_id: int | None) -> Select[*Columns]:
    """One shop's orders by the moment of placing, so that days narrow them by the index that puts them in order.

    No index puts the orders of all shops so, lest PostgreSQL look for a quiet shop's few among them.

    A page that begins after an order that does not exist is empty.
    """
    if before_id is not None:
        before = (
            select(column).where(VendorOrder.order_id == before_id).scalar_subquery()
            for column in (VendorOrder.placed_at, VendorOrder.order_id)
        )
        query = query.where(tuple_(VendorOrder.placed_at, VendorOrder.order_id) < tuple_(*before))
    return query.order_by(VendorOrder.placed_at.desc(), VendorOrder.order_id.desc()).limit(limit)
