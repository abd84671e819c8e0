"""The vendor's row of an order, which is also its reservation, and its lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from habrio_shared.contracts.orders import Actor, LineState, PaymentMode, Refusal, VendorOrderState, VendorOrderStatus
from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model
from habrio_vendor.orders.rules import STATUSES, TOMBSTONES, WAITING
from habrio_vendor.returns.models import VendorReturn

_IS_DUE = text("due_at IS NOT NULL")


def _one_of(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class VendorOrder(Model):
    """One row for each order that the consumer service ever asked for, under the consumer's id; never deleted.

    A row without a shop is a tombstone: the order was refused, or cancelled before it arrived, and whatever still comes
    for it finds that out here. A row with a shop holds the stock of its lines until it is delivered or undone.
    `version` grows by one with each move; `moved_by` and `moved_at` are of the last one. `changes` counts the vendor's
    proposals that were confirmed; `due_at` is when the timer cancels an order that nobody has answered by then.
    `returns_version` grows with each change of a return, which need not move the order.
    Amounts in paise; `commission_basis_points` is as it was when the order was placed.
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
        CheckConstraint("changes >= 0", name="changes"),
        CheckConstraint("returns_version >= 0", name="returns_version"),
        CheckConstraint(f"due_at IS NULL OR status IN ({_one_of(WAITING)})", name="due_while_waiting"),
        Index("ix_vendor_orders_due_at", "due_at", postgresql_where=_IS_DUE, sqlite_where=_IS_DUE),
        *(
            Index(f"ix_vendor_orders_{'_'.join(columns)}", *columns)
            for columns in (
                ("shop_id", "placed_at", "order_id"),
                ("shop_id", "status", "placed_at", "order_id"),
                ("shop_id", "payment_mode", "placed_at", "order_id"),
                ("status", "order_id"),
            )
        ),
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
    vendor_phone: Mapped[str] = mapped_column(Text, default="", server_default="")
    payment_mode: Mapped[PaymentMode | None] = mapped_column(Text)
    delivery_notes: Mapped[str] = mapped_column(Text, default="")
    total_paise: Mapped[int] = mapped_column(BigInteger, default=0)
    commission_basis_points: Mapped[int] = mapped_column(Integer, default=0)
    placed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changes: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returns_version: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))

    lines: Mapped[list[VendorOrderLine]] = relationship(lazy="raise_on_sql", order_by="VendorOrderLine.position")
    returns: Mapped[list[VendorReturn]] = relationship(lazy="raise_on_sql", order_by=VendorReturn.number)

    @property
    def quantities(self) -> dict[int, int]:
        """Pieces of each item that the order holds or held; the lines must have been loaded."""
        return {line.item_id: line.quantity for line in self.lines if line.quantity}

    @property
    def shown_lines(self) -> list[VendorOrderLine]:
        """The lines as people see them: a proposal shows at once, and what fell away does not show."""
        return [line for line in self.lines if line.shown_quantity]

    @property
    def final_paise(self) -> int:
        """What is to be paid for the lines as they are shown."""
        return sum(line.subtotal_paise for line in self.lines)

    @property
    def refunded_paise(self) -> int:
        """What completed returns have given back; the returns must have been loaded."""
        return sum(known.refund_paise for known in self.returns)

    def state(self) -> VendorOrderState:
        """The row as other services are told of it; lines and returns must have been loaded."""
        return VendorOrderState(
            order_id=self.order_id,
            status=self.status,
            version=self.version,
            by=self.moved_by,
            at=self.moved_at,
            reason=self.reason,
            refusal=None if self.refusal is None else Refusal.model_validate(self.refusal),
            changes=self.changes,
            total_paise=self.total_paise,
            final_paise=self.final_paise,
            lines=[
                LineState(item_id=line.item_id, quantity=line.quantity, proposed_quantity=line.proposed_quantity)
                for line in self.lines
            ],
            vendor_phone=self.vendor_phone,
            returns_version=self.returns_version,
            returns=[known.state() for known in self.returns],
        )


class VendorOrderLine(Model):
    """One item of an order, at the price (paise for one) and under the name at which it was placed.

    `quantity` is what is charged and held; `proposed_quantity` what the vendor asks the consumer to take instead.
    """

    __tablename__ = "vendor_order_lines"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("proposed_quantity BETWEEN 0 AND quantity", name="proposed_quantity"),
        CheckConstraint("unit_price_paise > 0", name="price"),
        Index("ix_vendor_order_lines_item_id", "item_id"),
    )

    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("vendor_orders.order_id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(BigId, ForeignKey("items.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(Text)
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
