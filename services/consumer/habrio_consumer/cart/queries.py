"""Reading carts, with their lock and without; the queries are made once, for every order asks them (tests/bench)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from habrio_consumer.cart.models import Cart, CartLine
from habrio_shared.database import insert_ignore, reading, table_of

_CARTS = table_of(Cart)
LOCK: Final = select(_CARTS.c.user_id).where(_CARTS.c.user_id == bindparam("user_id")).with_for_update()
LINES: Final = (
    select(CartLine).where(CartLine.user_id == bindparam("user_id"), CartLine.order_id.is_(None)).order_by(CartLine.id)
)


def lock_cart(session: Session, user_id: int) -> None:
    """Lock the user's cart until the transaction ends; it is made at the first touch."""
    if session.scalar(LOCK, {"user_id": user_id}) is None:
        insert_ignore(session, Cart, {"user_id": user_id})
        session.scalar(LOCK, {"user_id": user_id})


def lines_of(session: Session, user_id: int) -> list[CartLine]:
    """The lines that are in the cart now, in the order in which they were put there."""
    return list(session.scalars(LINES, {"user_id": user_id}))


def lines_to_show(user_id: int) -> list[CartLine]:
    with reading() as session:
        return lines_of(session, user_id)
