"""What the admin service asks of a service that keeps wallets."""

from __future__ import annotations

from pydantic import BaseModel

ADJUST_PATH = "/internal/admin/wallets/adjust"
"""POST {"id", "user_id", "amount_paise", "reason"}, for the admin service: an entry `adjust:<id>` between the person's
wallet and the account of adjustments → WalletAdjusted. The same again changes nothing and gets the same answer."""


class WalletAdjusted(BaseModel):
    """What the wallet holds after the adjustment."""

    user_id: int
    balance_paise: int
