"""How a call about payouts can fail."""

from __future__ import annotations

from habrio_shared.errors import BadRequest, Unavailable


class NoPayoutBank(BadRequest):
    word = "no_payout_bank"
    sentence = "Add the bank account that your money is to go to first"


class PayoutsNotConfigured(Unavailable):
    word = "payouts_not_configured"
    sentence = "Money cannot be withdrawn here: no payout provider is configured"
