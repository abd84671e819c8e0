"""Issues with orders, under the consumer service's ids."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_shared.contracts.issues import IssueStatus
from habrio_shared.database import BigId, UtcDateTime
from habrio_vendor.database import Model


class Issue(Model):
    """What a consumer says is wrong with a delivered order, and the answer: the vendor's, or an administrator's.

    `shop_id` is the order's, so that a shop's issues are one index. This row decides whether an issue is resolved.
    """

    __tablename__ = "issues"
    __table_args__ = (
        CheckConstraint("status IN ('raised', 'resolved')", name="status"),
        CheckConstraint("(status = 'resolved') = (resolved_at IS NOT NULL)", name="resolved_when"),
        Index("ix_issues_shop_id_id", "shop_id", "id"),
        Index("ix_issues_order_id_id", "order_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("vendor_orders.order_id"))
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id"))
    user_phone: Mapped[str] = mapped_column(Text)
    issue_type: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[IssueStatus] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
