"""The vendor's row of an order, which is also its reservation, and its lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from habrio_shared.contracts.orders import Actor, PaymentMode, Refusal, VendorOrderState, VendorOrderStatus
from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model
from habrio_vendor.orders.rules import STATUSES, TOMBSTONES


def _one_of(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class VendorOrder(Model):
    """One row for each order that the consumer service ever asked for, under the consumer's id; never deleted.

    A row without a shop is a tombstone: the order was refused, or cancelled before it arrived, and whatever still comes
    for it finds that out here. A row with a shop holds the stock of its lines while it is pending or accepted.
    `version` grows by one with each move; `moved_by` and `moved_at` are of the last one. Amounts in paise;
    `commission_basis_points` is as it was when the order was placed.
    """

    __tablename__ = "vendor_orders"
    __table_args__ = (
        CheckConstraint(f"status IN ({_one_of(STATUSES)})", name="status"),
        CheckConstraint(f"shop_id IS NOT NULL OR status IN ({_one_of(TOMBSTONES)})", name="placed_or_tombstone"),
        CheckConstraint("status <> 'refused' OR shop_id IS NULL", name="refused_has_no_shop"),
        CheckConstraint(
            "shop_id IS NULL OR (consumer_id IS NOT NULL AND payment_mode IN ('cash', 'wallet') "
            "AND placed_at IS NOT NULL AND total_paise > 0)",
            name="placed_is_complete",
        ),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("commission_basis_points BETWEEN 0 AND 10000", name="commission"),
        Index("ix_vendor_orders_shop_id_order_id", "shop_id", "order_id"),
        Index("ix_vendor_orders_shop_id_status_order_id", "shop_id", "status", "order_id"),
    )
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 — SQLAlchemy's declaration

    order_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    shop_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("shops.id"))
    status: Mapped[VendorOrderStatus] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)
    moved_by: Mapped[Actor] = mapped_column(Text)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
    reason: Mapped[str] = mapped_column(Text, default="")
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    consumer_id: Mapped[int | None] = mapped_column(BigId)
    phone: Mapped[str] = mapped_column(Text, default="")
    name: Mapped[str] = mapped_column(Text, default="")
    flat_number: Mapped[str] = mapped_column(Text, default="")
    society: Mapped[str] = mapped_column(Text, default="")
    payment_mode: Mapped[PaymentMode | None] = mapped_column(Text)
    delivery_notes: Mapped[str] = mapped_column(Text, default="")
    total_paise: Mapped[int] = mapped_column(BigInteger, default=0)
    commission_basis_points: Mapped[int] = mapped_column(Integer, default=0)
    placed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    lines: Mapped[list[VendorOrderLine]] = relationship(lazy="raise_on_sql", order_by="VendorOrderLine.position")

    @property
    def quantities(self) -> dict[int, int]:
        """Pieces of each item; the lines must have been loaded."""
        return {line.item_id: line.quantity for line in self.lines}

    def state(self) -> VendorOrderState:
        """The row as other services are told of it."""
        return VendorOrderState(
            order_id=self.order_id,
            status=self.status,
            version=self.version,
            by=self.moved_by,
            at=self.moved_at,
            reason=self.reason,
            refusal=None if self.refusal is None else Refusal.model_validate(self.refusal),
        )


class VendorOrderLine(Model):
    """One item of an order, at the price (paise for one) and under the name at which it was placed."""

    __tablename__ = "vendor_order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("unit_price_paise > 0", name="price"),
        Index("ix_vendor_order_lines_item_id", "item_id"),
    )

    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("vendor_orders.order_id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(BigId, ForeignKey("items.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int] = mapped_column(Integer)
    unit_price_paise: Mapped[int] = mapped_column(BigInteger)

    @property
    def subtotal_paise(self) -> int:
        return self.quantity * self.unit_price_paise
