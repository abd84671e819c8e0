"""Orders' ratings: at most one an order, never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_consumer.database import Model
from habrio_shared.contracts.ratings import RATING_MAX, RATING_MIN
from habrio_shared.database import BigId, UtcDateTime, db_now


class Rating(Model):
    """1 to 5, and a review that may be empty."""

    __tablename__ = "ratings"
    __table_args__ = (CheckConstraint(f"rating BETWEEN {RATING_MIN} AND {RATING_MAX}", name="rating"),)

    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"), primary_key=True)
    rating: Mapped[int] = mapped_column(SmallInteger)
    review: Mapped[str] = mapped_column(Text)
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
