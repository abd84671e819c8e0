"""Items and the moves of their stock."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model

StockMoveKind = Literal["added", "set", "sold", "returned"]

SKU_IN_USE = text("is_active AND sku <> ''")


class Item(Model):
    """An item of a shop. Prices in paise; `discount_hundredths` is the number the vendor sent, times 100.

    `on_hand` is the sum of the item's stock moves; `reserved` is what open orders hold of it; the difference can still
    be sold. `stock_version` grows with every change of either, so that an edit can tell whether it saw the latest.
    `is_available` is the vendor's switch; an item that is not `is_active` has been deleted. No two items of a shop that
    are not deleted have the same SKU; an empty one is none.
    """

    __tablename__ = "items"
    __table_args__ = (
        CheckConstraint("price_paise > 0", name="price_positive"),
        CheckConstraint("mrp_paise > 0", name="mrp_positive"),
        CheckConstraint("discount_hundredths >= 0", name="discount_not_negative"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("on_hand >= reserved", name="not_oversold"),
        Index("ix_items_shop_id_id", "shop_id", "id"),
        Index(
            "uq_items_shop_id_sku",
            *("shop_id", "sku"),
            unique=True,
            postgresql_where=SKU_IN_USE,
            sqlite_where=SKU_IN_USE,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id"))
    title: Mapped[str] = mapped_column(Text)
    brand: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    price_paise: Mapped[int] = mapped_column(BigInteger)
    mrp_paise: Mapped[int | None] = mapped_column(BigInteger)
    discount_hundredths: Mapped[int | None] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(Text)
    pack_size: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    tags: Mapped[str] = mapped_column(Text)
    sku: Mapped[str] = mapped_column(Text)
    expiry_date: Mapped[date | None]
    image_url: Mapped[str] = mapped_column(Text)
    on_hand: Mapped[int] = mapped_column(Integer)
    reserved: Mapped[int] = mapped_column(Integer, default=0)
    stock_version: Mapped[int] = mapped_column(BigInteger, default=1)
    is_available: Mapped[bool] = mapped_column(default=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())

    @property
    def in_stock(self) -> int:
        """What can still be sold."""
        return self.on_hand - self.reserved


class StockMove(Model):
    """So many pieces came (positive) or went (negative).

    They were `added` with the item, `set` by the vendor, or `sold` with an order and `returned` of it. Triggers keep
    these rows from change.
    """

    __tablename__ = "stock_moves"
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="moves"),
        CheckConstraint("kind IN ('added', 'set', 'sold', 'returned')", name="kind"),
        CheckConstraint("(kind IN ('sold', 'returned')) = (order_id IS NOT NULL)", name="order_iff_traded"),
        Index("ix_stock_moves_item_id_id", "item_id", "id"),
        Index("ix_stock_moves_order_id", "order_id"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    item_id: Mapped[int] = mapped_column(BigId, ForeignKey("items.id"))
    quantity: Mapped[int] = mapped_column(Integer)
    kind: Mapped[StockMoveKind] = mapped_column(Text)
    order_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("vendor_orders.order_id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
