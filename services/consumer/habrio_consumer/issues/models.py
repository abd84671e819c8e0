"""Issues with orders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_consumer.database import Model
from habrio_shared.contracts.issues import IssueStatus
from habrio_shared.database import BigId, UtcDateTime


class Issue(Model):
    """What the consumer says is wrong; status and answer follow the vendor service's row of the same id."""

    __tablename__ = "issues"
    __table_args__ = (
        CheckConstraint("status IN ('raised', 'resolved')", name="status"),
        CheckConstraint("(status = 'resolved') = (resolved_at IS NOT NULL)", name="resolved_when"),
        Index("ix_issues_order_id_id", "order_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"))
    issue_type: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[IssueStatus] = mapped_column(Text, default="raised")
    answer: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
