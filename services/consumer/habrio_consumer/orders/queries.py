"""Reading orders, with a lock and without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from habrio_consumer.cart.models import Cart
from habrio_consumer.orders.errors import NotYourOrder, OrderNotFound, WasRefused
from habrio_consumer.orders.models import Order, OrderLine
from habrio_consumer.profile.models import Profile
from habrio_shared.contracts.orders import Refusal
from habrio_shared.database import reading, reading_columns


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever confirms a cart sees: which of their carts it is (1 before the first touch), and where they live."""

    cart_version: int
    flat_number: str


SEEN: Final = select(
    select(Cart.version).where(Cart.user_id == bindparam("user_id")).scalar_subquery().label("cart_version"),
    select(Profile.flat_number).where(Profile.user_id == bindparam("user_id")).scalar_subquery().label("flat_number"),
)
LOCKED: Final = (
    select(Order)
    .where(Order.id == bindparam("order_id"))
    .with_for_update()
    .execution_options(populate_existing=True)  # what the session may have read before is older than the lock
)


def seen_by(user_id: int) -> Seen:
    """What the user sees now, without a lock."""
    with reading_columns() as connection:
        row = connection.execute(SEEN, {"user_id": user_id}).one()
    return Seen(row.cart_version or 1, row.flat_number or "")


def locked(session: Session, order_id: int) -> Order:
    """The order, locked until the transaction ends; OrderNotFound."""
    order = session.scalars(LOCKED, {"order_id": order_id}).one_or_none()
    if order is None:
        raise OrderNotFound
    return order


def locked_of_consumer(session: Session, user_id: int, order_id: int) -> Order:
    """The same for its owner; NotYourOrder for anybody else. One that failed never was: OrderNotFound."""
    return _owned(locked(session, order_id), user_id)


def lines_of_order(session: Session, order_id: int) -> list[OrderLine]:
    """The order's lines; the order's lock is theirs too."""
    query = select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.position)
    return list(session.scalars(query))


def of_consumer(session: Session, user_id: int, order_id: int) -> Order:
    """The order's row, without a lock, for its owner; OrderNotFound, NotYourOrder."""
    order = session.get(Order, order_id)
    if order is None:
        raise OrderNotFound
    return _owned(order, user_id)


def order_by_id(order_id: int) -> Order:
    """The order's row alone, as it is now; OrderNotFound."""
    with reading() as session:
        order = session.get(Order, order_id)
    if order is None:
        raise OrderNotFound
    return order


def order_of_cart(session: Session, user_id: int, cart_version: int) -> Order | None:
    """The order that took this cart, if one did."""
    query = select(Order).where(Order.user_id == user_id, Order.cart_version == cart_version)
    return session.scalars(query).one_or_none()


def one_order(user_id: int, order_id: int) -> Order:
    """The order with lines and timeline, for its owner. OrderNotFound, NotYourOrder; WasRefused if it was."""
    query = select(Order).where(Order.id == order_id).options(selectinload(Order.lines), selectinload(Order.timeline))
    with reading() as session:
        order = session.scalars(query).one_or_none()
    if order is None:
        raise OrderNotFound
    if order.user_id == user_id and order.refusal is not None:
        ordered = {line.item_id: line.quantity for line in order.lines}
        raise WasRefused(Refusal.model_validate(order.refusal), ordered)
    return _owned(order, user_id)


def history(user_id: int, *, limit: int, before_id: int | None) -> list[Order]:
    """Up to `limit` orders with their lines, newest first, older than `before_id` if given; two queries in all."""
    query = (
        select(Order)
        .where(Order.user_id == user_id, Order.status != "failed")
        .options(selectinload(Order.lines))
        .order_by(Order.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(Order.id < before_id)
    with reading() as session:
        return list(session.scalars(query))


def _owned(order: Order, user_id: int) -> Order:
    if order.user_id != user_id:
        raise NotYourOrder
    if order.status == "failed":
        raise OrderNotFound
    return order
