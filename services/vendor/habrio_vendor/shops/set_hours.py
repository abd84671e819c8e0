"""A vendor sets the shop's week."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from habrio_shared.database import transaction
from habrio_vendor.shops.models import Shop, ShopDay
from habrio_vendor.shops.queries import shop_id_of
from habrio_vendor.shops.schemas import DayIn


def set_hours(vendor_id: int, week: list[DayIn]) -> None:
    """Replace the shop's week by these days, each named once; ShopNotFound without a shop."""
    with transaction() as session:
        shop_id = shop_id_of(session, vendor_id)
        # Two requests at once replace the week one after the other.
        session.execute(select(Shop.id).where(Shop.id == shop_id).with_for_update())
        session.execute(delete(ShopDay).where(ShopDay.shop_id == shop_id))
        rows = []
        for day in week:
            opens, closes = day.hours or (None, None)
            rows.append({"shop_id": shop_id, "day_of_week": day.day_of_week, "open_time": opens, "close_time": closes})
        session.execute(insert(ShopDay), rows)
