"""Returns of orders, and their lines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from habrio_shared.contracts.orders import Actor, ReturnLine, ReturnState, ReturnStatus
from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model
from habrio_vendor.returns.rules import STATUSES

_IS_OPEN = text("status IN ('raised', 'accepted')")


class VendorReturn(Model):
    """A return of an order, numbered from 1; never deleted. Its order's row is its lock too.

    `by` is who asked for it; what a consumer raised has the consumer service's id of the wish, so that a double of the
    wish finds it. `refund_paise` is what went back to the consumer's wallet once it was completed: 0 for a cash order.
    """

    __tablename__ = "vendor_returns"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(f"status IN ({', '.join(repr(status) for status in STATUSES)})", name="status"),
        CheckConstraint("by IN ('consumer', 'vendor')", name="by"),
        CheckConstraint("(by = 'consumer') = (wish_id IS NOT NULL)", name="wish_iff_consumer"),
        CheckConstraint("refund_paise >= 0", name="refund"),
        CheckConstraint("refund_paise = 0 OR status = 'completed'", name="refunded_when_completed"),
        Index("uq_vendor_returns_wish_id", "wish_id", unique=True),
        Index("uq_vendor_returns_open", "order_id", unique=True, postgresql_where=_IS_OPEN, sqlite_where=_IS_OPEN),
    )
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 — SQLAlchemy's declaration

    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("vendor_orders.order_id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    status: Mapped[ReturnStatus] = mapped_column(Text)
    by: Mapped[Actor] = mapped_column(Text)
    wish_id: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    refund_paise: Mapped[int] = mapped_column(BigInteger, default=0)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())

    lines: Mapped[list[VendorReturnLine]] = relationship(lazy="raise_on_sql", order_by="VendorReturnLine.item_id")

    @property
    def quantities(self) -> dict[int, int]:
        """Pieces of each item that come back; the lines must have been loaded."""
        return {line.item_id: line.quantity for line in self.lines}

    def state(self) -> ReturnState:
        """The return as other services are told of it; the lines must have been loaded."""
        return ReturnState(
            number=self.number,
            status=self.status,
            by=self.by,
            wish_id=self.wish_id,
            reason=self.reason,
            raised_at=self.raised_at,
            lines=[ReturnLine(item_id=line.item_id, quantity=line.quantity) for line in self.lines],
            refund_paise=self.refund_paise,
        )


class VendorReturnLine(Model):
    """So many pieces of one item of the order."""

    __tablename__ = "vendor_return_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        ForeignKeyConstraint(["order_id", "number"], ["vendor_returns.order_id", "vendor_returns.number"]),
        ForeignKeyConstraint(["order_id", "item_id"], ["vendor_order_lines.order_id", "vendor_order_lines.item_id"]),
        Index("ix_vendor_return_lines_order_id_item_id", "order_id", "item_id"),
    )

    order_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    quantity: Mapped[int] = mapped_column(Integer)
