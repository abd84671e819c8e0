"""The accounts of the consumer service's ledger, whose tables are the shared library's (DESIGN.md §5); payments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_consumer.database import Model
from habrio_consumer.wallet.rules import PAYMENT_STATUSES, PaymentStatus
from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_shared.ledger import Account

WORLD = Account("world")
"""Where money comes from that is loaded into wallets."""

ESCROW = Account("escrow")
"""What is held for orders that are under way."""

DUE_TO_VENDORS = Account("due:vendor")
"""What delivered orders owe to vendors; the vendor service's ledger settles it."""

ADJUSTMENTS = Account("adjustments")
"""What administrators gave to wallets (negative) or took from them."""

_UNFINISHED = text("status = 'requested'")


class Payment(Model):
    """Money that a consumer loads into the wallet: asked for, then credited by the ledger's `topup:<id>`, or failed.

    `id` is ours, and the provider's key: asked for again it is the same payment. Rows stay for ever.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(status) for status in PAYMENT_STATUSES)})", name="status"),
        CheckConstraint("amount_paise > 0", name="amount"),
        CheckConstraint("(status = 'requested') = (ended_at IS NULL)", name="ended_when"),
        Index("ix_payments_unfinished", "requested_at", postgresql_where=_UNFINISHED, sqlite_where=_UNFINISHED),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId)
    amount_paise: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(Text)
    status: Mapped[PaymentStatus] = mapped_column(Text, default="requested")
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def wallet(user_id: int) -> Account:
    """What this consumer can spend; never below 0."""
    return Account(f"wallet:{user_id}", floor_paise=0)
