"""Orders, their lines, and their timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from habrio_consumer.database import Model
from habrio_consumer.orders.rules import STATUSES, OrderStatus, PaymentStatus, payment_status
from habrio_shared.contracts.orders import Actor, PaymentMode, VendorOrderStatus
from habrio_shared.database import BigId, UtcDateTime, db_now

_CANCELLED = text("status = 'cancelled'")


class Order(Model):
    """What a consumer ordered, at the prices shown to them (paise); it gets smaller by changes that they confirm.

    `cart_version` says which of the user's carts it took: no cart is ordered twice. `vendor_version` is that of the
    vendor's state last applied, 0 while the order is being placed, and `returns_version` that of its returns; `changes`
    counts the confirmed changes by then, and `total_paise` is what is charged. `refunded_paise` came back of that with
    returns. `place_row_id` is the outbox row of its placing.
    `vendor_phone` is known with the vendor's first word.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(status) for status in STATUSES)})", name="status"),
        CheckConstraint("payment_mode IN ('cash', 'wallet')", name="payment_mode"),
        CheckConstraint("total_paise > 0", name="total"),
        CheckConstraint("changes >= 0", name="changes"),
        CheckConstraint("returns_version >= 0", name="returns_version"),
        CheckConstraint("refunded_paise BETWEEN 0 AND total_paise", name="refunded"),
        CheckConstraint("(status = 'failed') = (refusal IS NOT NULL)", name="failed_says_why"),
        UniqueConstraint("user_id", "cart_version"),
        Index("ix_orders_user_id_id", "user_id", "id"),
        Index("ix_orders_shop_id_id", "shop_id", "id"),
        Index("ix_orders_status_id", "status", "id"),
        Index("ix_orders_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId)
    cart_version: Mapped[int] = mapped_column(BigInteger)
    shop_id: Mapped[int] = mapped_column(BigId)
    shop_name: Mapped[str] = mapped_column(Text)
    shop_type: Mapped[str] = mapped_column(Text)
    payment_mode: Mapped[PaymentMode] = mapped_column(Text)
    status: Mapped[OrderStatus] = mapped_column(Text, default="placing")
    vendor_version: Mapped[int] = mapped_column(Integer, default=0)
    changes: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    total_paise: Mapped[int] = mapped_column(BigInteger)
    delivery_notes: Mapped[str] = mapped_column(Text)
    returns_version: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    refunded_paise: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    place_row_id: Mapped[int | None] = mapped_column(BigId)
    vendor_phone: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())

    lines: Mapped[list[OrderLine]] = relationship(lazy="raise_on_sql", order_by="OrderLine.position")
    timeline: Mapped[list[TimelineStep]] = relationship(lazy="raise_on_sql", order_by="TimelineStep.version")

    @property
    def shown_lines(self) -> list[OrderLine]:
        """The lines as people see them: a proposal shows at once, and what fell away does not show."""
        return [line for line in self.lines if line.shown_quantity]

    @property
    def payment_status(self) -> PaymentStatus:
        """Whether it is paid, and how much of that came back."""
        return payment_status(
            self.payment_mode, self.status, charged_paise=self.total_paise, refunded_paise=self.refunded_paise
        )

    @property
    def final_paise(self) -> int:
        """What is to be paid for the lines as they are shown; they must have been loaded."""
        return sum(line.subtotal_paise for line in self.lines)


class OrderLine(Model):
    """One item of an order, as it was shown when it was ordered.

    `quantity` is what is charged, `proposed_quantity` what the vendor asks the consumer to take instead.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("proposed_quantity BETWEEN 0 AND quantity", name="proposed_quantity"),
        CheckConstraint("unit_price_paise > 0", name="price"),
    )

    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int] = mapped_column(Integer)
    proposed_quantity: Mapped[int | None] = mapped_column(Integer)
    unit_price_paise: Mapped[int] = mapped_column(BigInteger)

    @property
    def shown_quantity(self) -> int:
        """The proposal's, if there is one."""
        return self.quantity if self.proposed_quantity is None else self.proposed_quantity

    @property
    def subtotal_paise(self) -> int:
        return self.shown_quantity * self.unit_price_paise


class TimelineStep(Model):
    """The vendor's state at one version: that the order came to `status`, by whom and when."""

    __tablename__ = "order_timeline"
    __table_args__ = (
        Index("ix_order_timeline_cancelled_at", "at", postgresql_where=_CANCELLED, sqlite_where=_CANCELLED),
    )

    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    status: Mapped[VendorOrderStatus] = mapped_column(Text)
    by: Mapped[Actor] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
