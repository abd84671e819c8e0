"""/vendor/shop: the caller's own shop; and what the admin service reads of shops, and does to them."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.shops import SHOPS_PATH
from habrio_shared.identity import Caller, internal_only, role_required
from habrio_shared.schemas import Message, PagedQuery, next_cursor
from habrio_vendor.shops import queries
from habrio_vendor.shops.create import create
from habrio_vendor.shops.edit import edit
from habrio_vendor.shops.errors import ProfileMissing, ShopExists, ShopNotFound
from habrio_vendor.shops.models import Shop
from habrio_vendor.shops.queries import has_shop
from habrio_vendor.shops.schemas import (
    AdminShop,
    AdminShopsOut,
    AdminShopsQuery,
    DayData,
    HoursIn,
    LogEntry,
    LogOut,
    OpenIn,
    ShopData,
    ShopEdit,
    ShopIn,
    ShopMade,
    ShopOut,
)
from habrio_vendor.shops.set_hours import set_hours

bp = ApiBlueprint("shops")


@bp.post("/vendor/shop", errors=(ProfileMissing, ShopExists))
@role_required("vendor")
def open_shop(body: ShopIn, caller: Caller) -> ShopMade:
    """Open your shop.

    It stands in the society and city of your registration.
    """
    return ShopMade(message="Your shop has been created", shop_id=create(caller, body))


@bp.post("/vendor/shop/edit", errors=(ShopNotFound,), first=has_shop)
@role_required("vendor")
def change(body: ShopEdit, caller: Caller) -> Message:
    """Change your shop; fields that are not given stay."""
    edit(caller.user_id, body.changes())
    return Message(message="Your shop has been updated")


@bp.post("/vendor/shop/toggle-status", errors=(ShopNotFound,), first=has_shop)
@role_required("vendor")
def open_or_close(body: OpenIn, caller: Caller) -> Message:
    """Open or close your shop for orders."""
    edit(caller.user_id, {"is_open": body.is_open})
    return Message(message=f"Your shop is {'open' if body.is_open else 'closed'} now")


@bp.post("/vendor/shop/hours", errors=(ShopNotFound,), first=has_shop)
@role_required("vendor")
def hours(body: HoursIn, caller: Caller) -> Message:
    """Set your shop's weekly hours; they replace the week."""
    set_hours(caller.user_id, body.weekly_hours)
    return Message(message="Your shop's hours have been saved")


@bp.get("/vendor/shop/my", errors=(ShopNotFound,), first=has_shop)
@role_required("vendor")
def mine(caller: Caller) -> ShopOut:
    """Your shop."""
    shop, week = queries.my_shop(caller.user_id)
    days = [DayData(day_of_week=day.day_of_week, open_time=day.open_time, close_time=day.close_time) for day in week]
    return ShopOut(
        data=ShopData(
            id=shop.id,
            shop_name=shop.shop_name,
            shop_type=shop.shop_type,
            description=shop.description,
            city=shop.city,
            society=shop.society,
            is_open=shop.is_open,
            delivers=shop.delivers,
            appointment_only=shop.appointment_only,
            category_tags=shop.category_tags,
            logo_url=shop.logo_url,
            verified=shop.verified,
            featured=shop.featured,
            weekly_hours=days,
            created_at=shop.created_at,
        )
    )


@bp.get("/vendor/shop/log", errors=(ShopNotFound,), first=has_shop)
@role_required("vendor")
def log(query: PagedQuery, caller: Caller) -> LogOut:
    """What happened to your shop, newest first: openings and closings, new hours, an administrator's decisions."""
    found = queries.log_of(caller.user_id, limit=query.size + 1, before_id=query.cursor)
    return LogOut(
        log=[
            LogEntry(
                id=entry.id,
                event=entry.event,
                by=entry.made_by,
                user_id=entry.user_id,
                weekly_hours=None if entry.weekly_hours is None else [DayData(**day) for day in entry.weekly_hours],
                reason=entry.reason,
                at=entry.made_at,
            )
            for entry in found[: query.size]
        ],
        next_cursor=next_cursor([entry.id for entry in found], query.size),
    )


@bp.get(SHOPS_PATH)
@internal_only("admin")
def list_shops_for_admin(query: AdminShopsQuery) -> AdminShopsOut:
    """Shops of all societies, newest first."""
    found = queries.page_of_shops(
        limit=query.size + 1,
        before_id=query.cursor,
        verified=None if query.verified is None else query.verified == "true",
        featured=None if query.featured is None else query.featured == "true",
        part=query.q,
        vendor_id=query.vendor_id,
    )
    return AdminShopsOut(
        shops=[_for_admin(*row) for row in found[: query.size]],
        next_cursor=next_cursor([shop.id for shop, _ in found], query.size),
    )


def _for_admin(shop: Shop, business_name: str) -> AdminShop:
    return AdminShop(
        id=shop.id,
        shop_name=shop.shop_name,
        shop_type=shop.shop_type,
        city=shop.city,
        society=shop.society,
        vendor_id=shop.vendor_id,
        business_name=business_name,
        is_open=shop.is_open,
        verified=shop.verified,
        featured=shop.featured,
        created_at=shop.created_at,
    )
