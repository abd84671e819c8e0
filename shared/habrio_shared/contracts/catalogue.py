"""What the consumer service asks the vendor service about items: one question however many lines a cart has.

`POST /internal/catalogue/quote`, QuoteRequest → Quote. A question changes nothing and may be asked again.
"""

from __future__ import annotations

from pydantic import BaseModel, Field

QUOTE_PATH = "/internal/catalogue/quote"
QUOTE_ITEMS_MAX = 100


class QuoteRequest(BaseModel):
    """Which items, and for whom: only shops of this city and society are quoted."""

    item_ids: list[int] = Field(max_length=QUOTE_ITEMS_MAX)
    city: str
    society: str


class QuotedItem(BaseModel):
    """An item as it is now. Prices in paise; `in_stock` is what can still be sold; `available`: on sale at all."""

    item_id: int
    title: str
    brand: str
    image_url: str
    unit: str
    pack_size: str
    price_paise: int
    mrp_paise: int | None
    in_stock: int
    available: bool
    shop_id: int
    shop_name: str
    shop_type: str
    shop_is_open: bool


class Quote(BaseModel):
    """The items that exist for the asker; one that is missing is unknown there, deleted, or another society's."""

    items: list[QuotedItem]
