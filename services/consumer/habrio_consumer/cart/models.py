"""Carts and their lines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_consumer.cart.rules import QUANTITY_MAX
from habrio_consumer.database import Model
from habrio_shared.database import BigId, UtcDateTime, db_now

_OPEN = text("order_id IS NULL")


class Cart(Model):
    """A consumer's cart. `version` says which one of theirs it is: it grows by one when an order takes the lines.

    Its row is the lock under which lines change.
    """

    __tablename__ = "carts"

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger, default=1)


class CartLine(Model):
    """An item in a cart, with what the consumer was last shown of it (prices in paise).

    `order_id` is set while an order that took the line waits for the vendor's word: then the line is in no cart, but
    comes back if the order is refused.
    """

    __tablename__ = "cart_lines"
    __table_args__ = (
        CheckConstraint(f"quantity BETWEEN 1 AND {QUANTITY_MAX}", name="quantity"),
        CheckConstraint("price_paise > 0", name="price"),
        Index(
            "uq_cart_lines_user_id_item_id",
            "user_id",
            "item_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_cart_lines_order_id", "order_id"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("carts.user_id"))
    order_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("orders.id"))
    item_id: Mapped[int] = mapped_column(BigId)
    quantity: Mapped[int] = mapped_column(Integer)
    price_paise: Mapped[int] = mapped_column(BigInteger)
    mrp_paise: Mapped[int | None] = mapped_column(BigInteger)
    available: Mapped[bool] = mapped_column(default=True)
    title: Mapped[str] = mapped_column(Text)
    brand: Mapped[str] = mapped_column(Text)
    image_url: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    pack_size: Mapped[str] = mapped_column(Text)
    shop_id: Mapped[int] = mapped_column(BigId)
    shop_name: Mapped[str] = mapped_column(Text)
    shop_type: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
