"""What the admin service reads of shops and of the orders placed at them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from habrio_shared.contracts.customers import MoneyMove
from habrio_shared.contracts.events import EventSummary
from habrio_shared.contracts.orders import Actor, PaymentMode, VendorOrderStatus

SHOPS_PATH = "/internal/admin/shops"
"""GET, for the admin service: a page of shops, newest first (`limit`, `cursor`, `verified`, `featured`, `q`,
`vendor_id`) → ShopPage."""

SHOP_PATH = "/internal/admin/shops/{shop_id}"
"""GET, for the admin service: everything about one shop → ShopDetailOut."""

ORDER_PATH = "/internal/admin/orders/{order_id}"
"""GET, for the admin service: the vendor's side of an order; `order` is null if it never arrived → VendorSideOut."""

ORDERS_PATH = "/internal/admin/orders"
"""GET, for the admin service: a page of the orders placed at any shop, newest first (`limit`, `cursor`, `status`,
`shop_id`) → OrderPage."""


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


class DayOfShop(BaseModel):
    """0 is Monday; both times null: closed that day."""

    day_of_week: int
    open_time: str | None
    close_time: str | None


class ShopEvent(BaseModel):
    """What happened to the shop; `reason` is an administrator's."""

    id: int
    event: str
    made_by: str
    reason: str
    made_at: datetime


class ShopDetail(ShopSummary):
    """`log` are the newest 50 entries; `items` and `orders` are numbers of them. `rating` is null without a rating."""

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
    log: list[ShopEvent]


class ShopDetailOut(BaseModel):
    shop: ShopDetail


class VendorSide(BaseModel):
    """The vendor's row of an order, which decides every race about it; `refused` and early cancelled ones have no
    shop."""

    status: VendorOrderStatus
    version: int
    moved_by: Actor
    moved_at: datetime
    reason: str
    due_at: datetime | None
    shop_id: int | None
    consumer: str
    consumer_name: str
    flat_number: str
    total_paise: int
    commission_basis_points: int


class VendorSideOut(BaseModel):
    """`money` moved for the order in the vendor's ledger; `events` are messages that are not delivered yet."""

    order: VendorSide | None
    money: list[MoneyMove]
    events: list[EventSummary]


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
