"""A cart goes to an order: its lines are the order's until the vendor has answered, and come back if it is refused."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import CursorResult, bindparam, delete, update
from sqlalchemy.orm import Session

from habrio_consumer.cart.models import Cart, CartLine
from habrio_consumer.cart.queries import lines_of, lock_cart
from habrio_shared.database import table_of

_CARTS, _LINES = table_of(Cart), table_of(CartLine)
_ARE_OF_ORDER = _LINES.c.order_id == bindparam("of_order")

TAKE: Final = (
    update(_CARTS)
    .where(_CARTS.c.user_id == bindparam("of_user"), _CARTS.c.version == bindparam("seen"))
    .values(version=_CARTS.c.version + 1)
)
GIVE: Final = (
    update(_LINES)
    .where(_LINES.c.user_id == bindparam("of_user"), _LINES.c.order_id.is_(None))
    .values(order_id=bindparam("to_order"))
)
BRING_BACK: Final = update(_LINES).where(_ARE_OF_ORDER).values(order_id=None)
DROP: Final = delete(_LINES).where(_ARE_OF_ORDER)


def take(session: Session, user_id: int, version: int) -> bool:
    """Make this version of the user's cart an order's, and lock the cart; False if another order has taken it."""
    taken = session.execute(TAKE, {"of_user": user_id, "seen": version})
    return cast("CursorResult[Any]", taken).rowcount == 1


def give_lines(session: Session, user_id: int, order_id: int) -> None:
    """The lines of the locked cart are the order's now."""
    session.execute(GIVE, {"of_user": user_id, "to_order": order_id})


def drop_lines(session: Session, order_id: int) -> None:
    """The order stands: what it took is gone from the cart."""
    session.execute(DROP, {"of_order": order_id})


def bring_lines_back(session: Session, user_id: int, order_id: int) -> None:
    """The order was refused: the cart is as it was, unless there is something in it again."""
    lock_cart(session, user_id)
    if lines_of(session, user_id):
        drop_lines(session, order_id)
    else:
        session.execute(BRING_BACK, {"of_order": order_id})
