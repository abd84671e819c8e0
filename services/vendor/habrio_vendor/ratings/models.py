"""The ratings that a shop's average is made of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from habrio_shared.contracts.ratings import RATING_MAX, RATING_MIN
from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model


class Rating(Model):
    """An order's one rating; `shops.rating_sum` and `rating_count` add them up."""

    __tablename__ = "ratings"
    __table_args__ = (CheckConstraint(f"rating BETWEEN {RATING_MIN} AND {RATING_MAX}", name="rating"),)

    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("vendor_orders.order_id"), primary_key=True)
    rating: Mapped[int] = mapped_column(SmallInteger)
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
