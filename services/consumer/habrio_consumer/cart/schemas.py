"""Carts on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from habrio_consumer.cart.rules import QUANTITY_MAX
from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Answer, Body, Id, Query

Quantity = Annotated[int, Field(ge=1, le=QUANTITY_MAX)]


class AddIn(Body):
    item_id: Id
    quantity: Quantity = 1


class UpdateIn(Body):
    item_id: Id
    quantity: Quantity


class RemoveIn(Body):
    item_id: Id


class ViewQuery(Query):
    """`peek`: whoever looks is not the person who will order, so the prices do not count as shown to them."""

    peek: Literal["true", "false"] | None = Field(default=None, description="true: the prices do not count as shown")


class LineData(BaseModel):
    """`item_name`, `title` and `name` are the same, for three generations of apps. `savings` is on the whole line."""

    id: int
    item_id: int
    item_name: str
    title: str
    name: str
    brand: str
    image_url: str
    available: bool
    price: RupeesOut
    mrp: RupeesOut | None
    savings: RupeesOut
    quantity: int
    unit: str
    pack_size: str
    subtotal: RupeesOut
    shop_id: int
    shop_name: str


class CartOut(Answer):
    """`stale`: the shop could not be asked; the cart is as it was last shown."""

    cart: list[LineData]
    total_price: RupeesOut
    total_savings: RupeesOut
    stale: bool
