"""The code that a phone may log in with now, and how many were sent to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_auth.database import Model
from habrio_auth.otps.rules import TRIES_MAX
from habrio_shared.database import UtcDateTime


class Otp(Model):
    """One row a phone, so that a newer code replaces the older. `tries` counts comparisons begun, not failed ones."""

    __tablename__ = "otps"
    __table_args__ = (CheckConstraint(f"tries BETWEEN 0 AND {TRIES_MAX}", name="tries"),)

    phone: Mapped[str] = mapped_column(Text, primary_key=True)
    code_hash: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(SmallInteger)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OtpQuota(Model):
    """How many codes a phone was sent in the running hour and the running day; kept apart from the code, which goes."""

    __tablename__ = "otp_quotas"

    phone: Mapped[str] = mapped_column(Text, primary_key=True)
    hour_started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hour_count: Mapped[int]
    day_started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    day_count: Mapped[int]
