"""Shops on the wire, as an administrator sees them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from habrio_admin.audit.schemas import EntryData
from habrio_shared.contracts.shops import DayOfShop, ShopEvent
from habrio_shared.schemas import Answer, Body, Id, Instant, Line, PagedQuery, Required


class ShopsQuery(PagedQuery):
    verified: Literal["true", "false"] | None = None
    featured: Literal["true", "false"] | None = None
    vendor_id: Id | None = None
    q: Line | None = Field(default=None, description="part of the shop's or the business's name")


class ShopData(BaseModel):
    """`vendor` is the business's name; `is_open` the vendor's switch, whatever the hours say."""

    id: int
    name: str
    vendor: str
    vendor_id: int
    shop_type: str
    city: str
    society: str
    is_open: bool
    verified: bool
    featured: bool
    created_at: Instant


class ShopsOut(Answer):
    shops: list[ShopData]
    next_cursor: int | None


class ShopEventData(ShopEvent):
    made_at: Instant


class WholeShop(ShopData):
    """Everything about a shop. `items` and `orders` are numbers of them; `rating` is null without a rating; `log` are
    the newest 50 things that happened to it, `audit` the newest 20 acts on it."""

    description: str
    delivers: bool
    appointment_only: bool
    category_tags: str
    logo_url: str
    rating: float | None
    ratings: int
    items: int
    orders: int
    weekly_hours: list[DayOfShop]
    log: list[ShopEventData]
    audit: list[EntryData]


class WholeShopOut(Answer):
    shop: WholeShop


class MarkIn(Body):
    """Whether the shop is to have the mark, and why: its vendor reads the reason."""

    value: bool
    reason: Required
