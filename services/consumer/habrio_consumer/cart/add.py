"""An item is put into the cart."""

from __future__ import annotations

from typing import Final

from sqlalchemy import insert

from habrio_consumer.cart.errors import AnotherShop, CartFull, ItemNotFound, ShopClosed, TooMuch
from habrio_consumer.cart.models import CartLine
from habrio_consumer.cart.queries import lines_of, lock_cart
from habrio_consumer.cart.rules import LINES_MAX, QUANTITY_MAX
from habrio_consumer.cart.show import shown
from habrio_consumer.clients import vendor
from habrio_shared.database import table_of, transaction
from habrio_shared.identity import Caller
from habrio_shared.schemas import Message

ADD: Final = insert(table_of(CartLine)).inline()  # nobody asks for the new line's number


def add(caller: Caller, item_id: int, quantity: int) -> Message:
    """Add so many, to what is there of the item. Any of errors.py; TargetUnavailable when the shop cannot be asked."""
    item = vendor.quote(caller, [item_id]).get(item_id)
    if item is None or not item.available:
        raise ItemNotFound
    if not item.shop_is_open:
        raise ShopClosed
    with transaction() as session:
        lock_cart(session, caller.user_id)
        lines = {line.item_id: line for line in lines_of(session, caller.user_id)}
        if any(line.shop_id != item.shop_id for line in lines.values()):
            raise AnotherShop
        line = lines.get(item_id)
        if line is None:
            if len(lines) >= LINES_MAX:
                raise CartFull
            row = {"user_id": caller.user_id, "item_id": item_id, "quantity": quantity, **shown(item)}
            session.execute(ADD, row)
        elif line.quantity + quantity > QUANTITY_MAX:
            raise TooMuch
        else:
            line.quantity += quantity
            for field, value in shown(item).items():
                setattr(line, field, value)
    return Message(message=f"{item.title} is in your cart")
