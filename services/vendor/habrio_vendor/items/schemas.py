"""Items on the wire, as their vendor sends and sees them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from habrio_shared.money import Rupees, RupeesOrZero, RupeesOut
from habrio_shared.schemas import (
    Answer,
    Body,
    Day,
    Edit,
    Id,
    Instant,
    KeptEmpty,
    Line,
    Link,
    PagedQuery,
    Paragraph,
    Required,
    Text,
)

QUANTITY_MAX = 1_000_000
QUANTITY_DEFAULT = 100


def _not_null(given: Any) -> Any:
    if given is None:
        raise ValueError("must not be null")
    return given


Given = BeforeValidator(_not_null)
"""An optional field may be left out, but null is not a value of it (API.md, "bodies")."""

Quantity = Annotated[int, Field(ge=0, le=QUANTITY_MAX)]
Tags = Annotated[Text, Field(max_length=500)]


class ItemIn(Body):
    """`discount` is kept as sent and computes nothing; `tags` is text as sent."""

    title: Required
    price_paise: Rupees = Field(alias="price")
    brand: Line = ""
    description: Paragraph = ""
    mrp_paise: Annotated[Rupees | None, Given] = Field(default=None, alias="mrp")
    discount_hundredths: Annotated[RupeesOrZero | None, Given] = Field(default=None, alias="discount")
    quantity_in_stock: Quantity = QUANTITY_DEFAULT
    unit: Line = "pcs"
    pack_size: Line = ""
    category: Line = ""
    tags: Tags = ""
    sku: Line = ""
    expiry_date: Annotated[Day | None, Given] = None
    image_url: Link = ""


class ItemEdit(Edit):
    """`quantity_in_stock` sets what can still be sold; a stale `stock_version` beside it is refused."""

    title: Required | None = None
    price_paise: Annotated[Rupees | None, KeptEmpty()] = Field(default=None, alias="price")
    brand: Line | None = None
    description: Paragraph | None = None
    mrp_paise: Rupees | None = Field(default=None, alias="mrp")
    discount_hundredths: RupeesOrZero | None = Field(default=None, alias="discount")
    quantity_in_stock: Quantity | None = None
    stock_version: Id | None = None
    unit: Line | None = None
    pack_size: Line | None = None
    category: Line | None = None
    tags: Tags | None = None
    sku: Line | None = None
    expiry_date: Day | None = None
    image_url: Link | None = None


class MyItemsQuery(PagedQuery):
    """`q`: a part of an item's title, brand, SKU or tags in any case; `category`: its category in any case."""

    q: Line | None = None
    category: Line | None = None
    is_available: Literal["true", "false"] | None = None


class ItemAdded(Answer):
    message: str
    item_id: int


class ItemData(BaseModel):
    """`quantity_in_stock` is what can still be sold; `reserved` is what open orders hold besides."""

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
    quantity_in_stock: int
    reserved: int
    stock_version: int
    is_available: bool
    is_active: bool
    created_at: Instant


class ItemsOut(Answer):
    data: list[ItemData]
    next_cursor: int | None


class Toggled(Answer):
    message: str
    is_available: bool
