"""Payouts: one row for each withdrawal, from the wallet's hold to the bank's account or back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_shared.contracts.payouts import PayoutStatus
from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model
from habrio_vendor.payouts.rules import SETTLED, STATUSES

_STILL_TO_DO = text("settled_at IS NULL")


def _one_of(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class Payout(Model):
    """What a vendor asked for, and how far it has come; never deleted.

    The bank is as it was when it was asked for, whatever the vendor says later; `account_sealed` is the encrypted
    number, `account_masked` what may be shown of it. `key` is the payout's id at the provider: random, so that a
    database which was set back meets no payout of its former life there. `provider` is who was given it, and nobody
    else will be. `next_try_at` is due time and lease in one; `attempts` are the tries since the provider answered last.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint("amount_paise > 0", name="amount"),
        CheckConstraint(f"status IN ({_one_of(STATUSES)})", name="status"),
        CheckConstraint("(status = 'requested') = (sent_at IS NULL)", name="sent"),
        CheckConstraint("(sent_at IS NULL) = (provider IS NULL)", name="provider"),
        CheckConstraint(f"(status IN ({_one_of(tuple(sorted(SETTLED)))})) = (settled_at IS NOT NULL)", name="settled"),
        Index("ix_payouts_due", "next_try_at", postgresql_where=_STILL_TO_DO, sqlite_where=_STILL_TO_DO),
        Index("ix_payouts_vendor_id_id", "vendor_id", "id"),
        Index("ix_payouts_status_id", "status", "id"),
    )
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 — SQLAlchemy's declaration

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    vendor_id: Mapped[int] = mapped_column(BigId)
    amount_paise: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[PayoutStatus] = mapped_column(Text, default="requested")
    bank_name: Mapped[str] = mapped_column(Text)
    ifsc_code: Mapped[str] = mapped_column(Text)
    account_masked: Mapped[str] = mapped_column(Text)
    account_sealed: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, unique=True)
    provider: Mapped[str | None] = mapped_column(Text)
    provider_reference: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
