"""Vendors' business profiles: one a person, made once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_shared.contracts.kyc import ReviewStatus
from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model


class Profile(Model):
    """The business behind a user of role vendor; `user_id` and `phone` (E.164) are the auth service's.

    `kyc_status` is how an administrator's review of it stands, with the reason given for it; `kyc_version` counts the
    reviews, so that auth can tell which it was told last.
    """

    __tablename__ = "profiles"
    __table_args__ = (
        CheckConstraint("kyc_status IN ('pending', 'approved', 'rejected')", name="kyc_status"),
        Index("ix_profiles_kyc_status_user_id", "kyc_status", "user_id"),
    )

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    business_type: Mapped[str] = mapped_column(Text)
    business_name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text, server_default="")
    gst_number: Mapped[str | None] = mapped_column(Text)
    kyc_status: Mapped[ReviewStatus] = mapped_column(Text, server_default=text("'pending'"))
    kyc_reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    kyc_version: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
