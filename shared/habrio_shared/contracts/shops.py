"""What the admin service reads of shops and of the orders placed at them, and what it does to a shop."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from habrio_shared.contracts.orders import PaymentMode, VendorOrderStatus
from habrio_shared.schemas import Body, Required

SHOPS_PATH = "/internal/admin/shops"
"""GET, for the admin service: a page of shops, newest first (`limit`, `cursor`, `verified`, `featured`, `q`) →
ShopPage."""

SHOP_ACT_PATH = "/internal/admin/shops/{shop_id}/{act}"
"""POST ShopAct, for the admin service: `act` is verify or feature → ShopOut, as the shop is then. May be repeated."""

ORDERS_PATH = "/internal/admin/orders"
"""GET, for the admin service: a page of the orders placed at any shop, newest first (`limit`, `cursor`, `status`,
`shop_id`) → OrderPage."""


class ShopAct(Body):
    """Whether the shop is to be verified, or featured, and why: the shop's vendor reads the reason."""

    value: bool
    reason: Required


class ShopSummary(BaseModel):
    """A shop as lists show it; `is_open` is its vendor's switch, whatever its hours say."""

    id: int
    shop_name: str
    shop_type: str
    city: str
    society: str
    vendor_id: int
    business_name: str
    is_open: bool
    verified: bool
    featured: bool
    created_at: datetime


class ShopOut(BaseModel):
    """One shop, as it is after what was asked."""

    shop: ShopSummary


class ShopPage(BaseModel):
    """Shops, newest first; `next_cursor` is null at the end."""

    shops: list[ShopSummary]
    next_cursor: int | None


class OrderSummary(BaseModel):
    """An order as lists show it, in paise; `consumer` is the phone number."""

    order_id: int
    shop_id: int
    shop_name: str
    consumer_id: int
    consumer: str
    consumer_name: str
    society: str
    status: VendorOrderStatus
    payment_mode: PaymentMode
    total_paise: int
    placed_at: datetime


class OrderPage(BaseModel):
    """Orders, newest first; `next_cursor` is null at the end."""

    orders: list[OrderSummary]
    next_cursor: int | None
