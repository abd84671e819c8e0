"""How a call about the wallet can fail."""

from __future__ import annotations

from habrio_shared.errors import Forbidden


class WalletNotYours(Forbidden):
    """Only deliveries, returns, payouts and an administrator move this money."""

    word = "wallet_not_yours"
    sentence = "A wallet changes only by deliveries, returns and payouts"
