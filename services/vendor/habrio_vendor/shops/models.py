"""Shops and their weekly hours."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model

ShopEvent = Literal["opened", "closed", "hours_changed", "verified", "unverified", "featured", "unfeatured"]
SHOP_EVENTS: tuple[ShopEvent, ...] = (
    *("opened", "closed", "hours_changed", "verified", "unverified", "featured", "unfeatured"),
)


class Shop(Model):
    """A vendor's shop, in the society in which the vendor is registered.

    `city_key` and `society_key` are the forms that are compared (contracts/places.py); `tag_keys` holds the tags of
    `category_tags` as they are searched (rules.py). `verified` and `featured` are an administrator's to set.
    `rating_sum` and `rating_count` add up the ratings of its orders.
    """

    __tablename__ = "shops"
    __table_args__ = (
        CheckConstraint("rating_sum BETWEEN rating_count AND 5 * rating_count", name="rating"),
        Index("ix_shops_city_key_society_key_id", "city_key", "society_key", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    vendor_id: Mapped[int] = mapped_column(BigId, ForeignKey("profiles.user_id"), unique=True)
    shop_name: Mapped[str] = mapped_column(Text)
    shop_type: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    city: Mapped[str] = mapped_column(Text)
    society: Mapped[str] = mapped_column(Text)
    city_key: Mapped[str] = mapped_column(Text)
    society_key: Mapped[str] = mapped_column(Text)
    is_open: Mapped[bool]
    delivers: Mapped[bool]
    appointment_only: Mapped[bool]
    category_tags: Mapped[str] = mapped_column(Text)
    tag_keys: Mapped[str] = mapped_column(Text)
    logo_url: Mapped[str] = mapped_column(Text)
    verified: Mapped[bool] = mapped_column(server_default=false())
    featured: Mapped[bool] = mapped_column(server_default=false())
    rating_sum: Mapped[int] = mapped_column(default=0, server_default="0")
    rating_count: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())


class ShopDay(Model):
    """One day of a shop's week, 0 (Monday) to 6; both times null: closed that day. Times are "HH:MM" as the vendor gave
    them."""

    __tablename__ = "shop_days"
    __table_args__ = (
        CheckConstraint("day_of_week BETWEEN 0 AND 6", name="day_of_week"),
        CheckConstraint("(open_time IS NULL) = (close_time IS NULL)", name="both_times_or_none"),
    )

    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id"), primary_key=True)
    day_of_week: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    open_time: Mapped[str | None] = mapped_column(Text)
    close_time: Mapped[str | None] = mapped_column(Text)


class ShopLogEntry(Model):
    """What happened to a shop, in the transaction in which it did; triggers keep these rows from change.

    A vendor's entries name the user; an administrator's have the reason instead, for who it was stands in the admin
    service's audit log. `weekly_hours` is the week that was set, by `hours_changed` alone.
    """

    __tablename__ = "shop_log"
    __table_args__ = (
        CheckConstraint(f"event IN {SHOP_EVENTS}", name="event"),
        CheckConstraint("made_by IN ('vendor', 'admin')", name="made_by"),
        CheckConstraint("(made_by = 'vendor') = (user_id IS NOT NULL)", name="vendor_has_a_name"),
        CheckConstraint("(event = 'hours_changed') = (weekly_hours IS NOT NULL)", name="hours_iff_changed"),
        Index("ix_shop_log_shop_id_id", "shop_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id"))
    event: Mapped[ShopEvent] = mapped_column(Text)
    made_by: Mapped[Literal["vendor", "admin"]] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(BigId)
    weekly_hours: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
