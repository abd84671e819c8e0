"""What a vendor is to be told of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model
from habrio_vendor.notices.rules import OUTCOMES, Outcome


class Notice(Model):
    """One new order that its vendor, at `phone` (E.164), is to be told of; written with the order, so never before it.

    While there is no outcome it is due at `due_at`: whoever takes it up moves that on, and `claims` with it, so that of
    two workers one sends. A worker that dies on the way has its notice sent again when it is due again. `traceparent`
    is that of the request which brought the order.
    """

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("(due_at IS NULL) = (outcome IS NOT NULL)", name="due_or_done"),
        CheckConstraint(f"outcome IN ({', '.join(repr(outcome) for outcome in OUTCOMES)})", name="outcome"),
        Index(
            "ix_notices_due_at",
            "due_at",
            postgresql_where=text("due_at IS NOT NULL"),
            sqlite_where=text("due_at IS NOT NULL"),
        ),
    )

    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("vendor_orders.order_id"), primary_key=True)
    phone: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=db_now())
    claims: Mapped[int] = mapped_column(SmallInteger, default=0)
    traceparent: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[Outcome | None] = mapped_column(Text)
