"""Vendors' bank accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model


class PayoutBank(Model):
    """The account that a vendor is paid to; `vendor_id` is the auth service's user.

    `account_sealed` is the number encrypted (habrio_shared/sealing.py), `account_masked` what may be shown of it.
    """

    __tablename__ = "payout_banks"

    vendor_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    bank_name: Mapped[str] = mapped_column(Text)
    account_sealed: Mapped[str] = mapped_column(Text)
    account_masked: Mapped[str] = mapped_column(Text)
    ifsc_code: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
