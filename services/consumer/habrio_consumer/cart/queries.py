"""Reading carts, with their lock and without."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_consumer.cart.models import Cart, CartLine
from habrio_shared.database import insert_ignore, reading, reading_columns


def locked_cart(session: Session, user_id: int) -> Cart:
    """The user's cart, locked until the transaction ends; made at the first touch."""
    query = select(Cart).where(Cart.user_id == user_id).with_for_update()
    cart = session.scalars(query).one_or_none()
    if cart is None:
        insert_ignore(session, Cart, {"user_id": user_id})
        cart = session.scalars(query).one()
    return cart


def lines_of(session: Session, user_id: int) -> list[CartLine]:
    """The lines that are in the cart now, in the order in which they were put there."""
    query = select(CartLine).where(CartLine.user_id == user_id, CartLine.order_id.is_(None)).order_by(CartLine.id)
    return list(session.scalars(query))


def lines_to_show(user_id: int) -> list[CartLine]:
    with reading() as session:
        return lines_of(session, user_id)


def version_of(user_id: int) -> int:
    """Which cart of the user this is, without a lock; 1 before the first touch."""
    with reading_columns() as connection:
        return connection.scalar(select(Cart.version).where(Cart.user_id == user_id)) or 1
