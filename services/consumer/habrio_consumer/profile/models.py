"""A consumer's profile: one row a user."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_consumer.database import Model
from habrio_shared.database import BigId, UtcDateTime, db_now


class Profile(Model):
    """What a consumer told of themselves; "" is "not told". Name, phone and society are the auth service's."""

    __tablename__ = "profiles"

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    flat_number: Mapped[str] = mapped_column(Text, default="")
    profile_image_url: Mapped[str] = mapped_column(Text, default="")
    gender: Mapped[str] = mapped_column(Text, default="")
    date_of_birth: Mapped[date | None]
    preferred_language: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
