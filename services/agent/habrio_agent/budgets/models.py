"""Budgets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from habrio_agent.database import Model
from habrio_shared.database import BigId, UtcDateTime


class Budget(Model):
    """What one user has used of their day, which ends at `ends_at` and began with its first question."""

    __tablename__ = "budgets"
    __table_args__ = (
        CheckConstraint("calls >= 0", name="calls"),
        CheckConstraint("tokens >= 0", name="tokens"),
    )

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    calls: Mapped[int] = mapped_column(BigInteger)
    tokens: Mapped[int] = mapped_column(BigInteger)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
