"""Vendors' business profiles: one a person, made once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model


class Profile(Model):
    """The business behind a user of role vendor; `user_id` and `phone` (E.164) are the auth service's."""

    __tablename__ = "profiles"

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    business_type: Mapped[str] = mapped_column(Text)
    business_name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text, server_default="")
    gst_number: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
