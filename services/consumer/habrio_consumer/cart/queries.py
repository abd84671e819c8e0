"""Reading carts, with their lock and without; the queries are made once, for every order asks them (tests/bench)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from habrio_consumer.cart.models import Cart, CartLine
from habrio_shared.database import insert_ignore, reading

LOCKED: Final = select(Cart).where(Cart.user_id == bindparam("user_id")).with_for_update()
LINES: Final = (
    select(CartLine).where(CartLine.user_id == bindparam("user_id"), CartLine.order_id.is_(None)).order_by(CartLine.id)
)


def locked_cart(session: Session, user_id: int) -> Cart:
    """The user's cart, locked until the transaction ends; made at the first touch."""
    cart = session.scalars(LOCKED, {"user_id": user_id}).one_or_none()
    if cart is None:
        insert_ignore(session, Cart, {"user_id": user_id})
        cart = session.scalars(LOCKED, {"user_id": user_id}).one()
    return cart


def lines_of(session: Session, user_id: int) -> list[CartLine]:
    """The lines that are in the cart now, in the order in which they were put there."""
    return list(session.scalars(LINES, {"user_id": user_id}))


def lines_to_show(user_id: int) -> list[CartLine]:
    with reading() as session:
        return lines_of(session, user_id)
