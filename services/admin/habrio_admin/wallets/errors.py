"""What can be wrong with a wallet that is to be adjusted."""

from __future__ import annotations

from habrio_shared.errors import NotFound


class WalletNotFound(NotFound):
    word = "wallet_not_found"
    sentence = "There is no such wallet: this user is none of these owners"
