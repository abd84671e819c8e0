"""A vendor sets the shop's week."""

from __future__ import annotations

from sqlalchemy import delete, insert

from habrio_shared.database import transaction
from habrio_vendor.shops.models import ShopDay, ShopLogEntry
from habrio_vendor.shops.queries import locked_shop_of, week_of
from habrio_vendor.shops.schemas import DayIn


def set_hours(vendor_id: int, week: list[DayIn]) -> None:
    """Replace the shop's week by these days, each named once; ShopNotFound without a shop.

    The week that the shop has already is not set again and leaves no trace in its log.
    """
    rows = []
    for day in sorted(week, key=lambda day: day.day_of_week):
        opens, closes = day.hours or (None, None)
        rows.append({"day_of_week": day.day_of_week, "open_time": opens, "close_time": closes})
    with transaction() as session:
        shop = locked_shop_of(session, vendor_id)
        before = [
            {"day_of_week": day.day_of_week, "open_time": day.open_time, "close_time": day.close_time}
            for day in week_of(session, shop.id)
        ]
        if rows == before:
            return
        session.execute(delete(ShopDay).where(ShopDay.shop_id == shop.id))
        session.execute(insert(ShopDay), [{"shop_id": shop.id, **row} for row in rows])
        session.add(
            ShopLogEntry(shop_id=shop.id, event="hours_changed", made_by="vendor", user_id=vendor_id, weekly_hours=rows)
        )
