"""Reading the caller's shop."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_shared.database import reading
from habrio_shared.identity import Caller
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.models import Shop, ShopDay


def shop_id_of(session: Session, vendor_id: int) -> int:
    """The id of the vendor's shop; ShopNotFound if there is none."""
    shop_id = session.scalar(select(Shop.id).where(Shop.vendor_id == vendor_id))
    if shop_id is None:
        raise ShopNotFound
    return shop_id


def has_shop(caller: Caller) -> None:
    """ShopNotFound unless the caller has a shop: what every call that needs one says before anything else (API.md)."""
    with reading() as session:
        shop_id_of(session, caller.user_id)


def my_shop(vendor_id: int) -> tuple[Shop, list[ShopDay]]:
    """The vendor's shop with its week, by day."""
    with reading() as session:
        shop = session.scalars(select(Shop).where(Shop.vendor_id == vendor_id)).one_or_none()
        if shop is None:
            raise ShopNotFound
        days = session.scalars(select(ShopDay).where(ShopDay.shop_id == shop.id).order_by(ShopDay.day_of_week)).all()
    return shop, list(days)
