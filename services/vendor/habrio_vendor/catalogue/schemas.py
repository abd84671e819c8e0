"""The catalogue on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Answer, Line, PagedQuery

TAGS_MAX = 20


class ShopsQuery(PagedQuery):
    """`type` matches a part of the shop's type in any case; each `tag` must be one of the shop's tags."""

    status: Literal["open", "closed"] | None = None
    type: Line | None = None
    tag: Annotated[list[Line], Field(max_length=TAGS_MAX)] = Field(default_factory=list)


class SearchQuery(PagedQuery):
    q: Annotated[Line, Field(min_length=1)]


class ItemsQuery(PagedQuery):
    """`q`: a part of an item's title, brand or tags in any case; `category`: its category in any case."""

    q: Line | None = None
    category: Line | None = None


class ShopListed(BaseModel):
    """`rating`: the average of its orders' ratings, to two decimals; null as long as nobody has rated the shop."""

    id: int
    shop_name: str
    shop_type: str
    description: str
    society: str
    is_open: bool
    delivers: bool
    appointment_only: bool
    category_tags: str
    logo_url: str
    rating: float | None
    verified: bool
    featured: bool


class ShopsOut(Answer):
    shops: list[ShopListed]
    next_cursor: int | None


class ShopHead(BaseModel):
    id: int
    shop_name: str
    shop_type: str
    description: str
    is_open: bool


class ItemListed(BaseModel):
    """`in_stock` is false when the last piece is sold or held by an order."""

    id: int
    title: str
    brand: str
    price: RupeesOut
    mrp: RupeesOut | None
    discount: RupeesOut | None
    description: str
    unit: str
    pack_size: str
    category: str
    tags: str
    sku: str
    expiry_date: date | None
    image_url: str
    in_stock: bool


class ShopItemsOut(Answer):
    shop: ShopHead
    items: list[ItemListed]
    next_cursor: int | None
