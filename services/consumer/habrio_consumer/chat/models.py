"""What was said about orders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_consumer.database import Model
from habrio_shared.contracts.orders import Actor
from habrio_shared.database import BigId, UtcDateTime


class ChatMessage(Model):
    """One message, of a person or left by an act; `key` is the same at the vendor service, `id` is not.

    Both sides show a conversation by `at`, the clock of the service where it was said, and so in the same order.
    """

    __tablename__ = "chat_messages"
    __table_args__ = (
        CheckConstraint("author IN ('consumer', 'vendor', 'timer', 'admin')", name="author"),
        Index("ix_chat_messages_order_id_at_id", "order_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id"))
    key: Mapped[str] = mapped_column(Text, unique=True)
    author: Mapped[Actor] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
