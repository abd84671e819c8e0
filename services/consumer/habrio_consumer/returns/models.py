"""Returns and their lines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from habrio_consumer.database import Model
from habrio_consumer.returns.rules import STATUSES, ReturnStatus, status_shown
from habrio_shared.contracts.orders import Actor, ReturnLine, ReturnState
from habrio_shared.contracts.returns import ReturnFault
from habrio_shared.database import BigId, UtcDateTime, db_now


class Return(Model):
    """A return of an order, or the wish for one. Its order's row is its lock too.

    The vendor gives it its `number` among the order's returns: there is none while it is `asked`, nor if it is
    `refused`, for `fault`. `refund_paise` is what came back to the wallet once it was completed. `ask_row_id` is the
    outbox row of the wish; what the vendor initiated has none.
    """

    __tablename__ = "returns"
    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(status) for status in STATUSES)})", name="status"),
        CheckConstraint("(number IS NULL) = (status IN ('asked', 'refused'))", name="numbered_by_vendor"),
        CheckConstraint("(fault IS NOT NULL) = (status = 'refused')", name="refused_says_why"),
        CheckConstraint("refund_paise >= 0", name="refund"),
        CheckConstraint("refund_paise = 0 OR status = 'completed'", name="refunded_when_completed"),
        UniqueConstraint("order_id", "number"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"))
    number: Mapped[int | None] = mapped_column(Integer)
    status: Mapped[ReturnStatus] = mapped_column(Text)
    by: Mapped[Actor] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    fault: Mapped[ReturnFault | None] = mapped_column(Text)
    refund_paise: Mapped[int] = mapped_column(BigInteger, default=0)
    ask_row_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())

    lines: Mapped[list[ReturnedLine]] = relationship(lazy="raise_on_sql", order_by="ReturnedLine.item_id")

    def state(self) -> ReturnState:
        """The return as far as the shared rule looks at it; the lines must have been loaded."""
        return ReturnState(
            number=self.number or 1,
            status=status_shown(self.status),
            by=self.by,
            raised_at=self.created_at,
            lines=[ReturnLine(item_id=line.item_id, quantity=line.quantity) for line in self.lines],
        )


class ReturnedLine(Model):
    """So many pieces of one item of the order."""

    __tablename__ = "return_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    return_id: Mapped[int] = mapped_column(BigId, ForeignKey("returns.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    quantity: Mapped[int] = mapped_column(Integer)
