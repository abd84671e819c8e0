"""What the admin service asks the vendor service about payouts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

PayoutStatus = Literal["requested", "sent", "paid", "failed"]
"""`requested`: the wallet's money is on hold; `sent`: a provider may have it; `paid`: it is at the bank; `failed`: it
is back in the wallet."""

PAYOUTS_PATH = "/internal/admin/payouts"
"""GET, for the admin service: payouts, newest first (`limit`, `cursor`, `status`, `vendor_id`) → PayoutPage."""


class PayoutSummary(BaseModel):
    """A payout as administrators see it: of the account its last digits only. `attempts` are the tries since the
    provider last answered, `last_error` why the last one did not; `reason` is the provider's for a failed one."""

    id: int
    vendor_id: int
    amount_paise: int
    status: PayoutStatus
    bank_name: str
    bank_account: str
    ifsc_code: str
    provider: str | None
    provider_reference: str
    reason: str
    attempts: int
    last_error: str | None
    created_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None


class PayoutPage(BaseModel):
    """Payouts, newest first; `next_cursor` is null at the end."""

    payouts: list[PayoutSummary]
    next_cursor: int | None
