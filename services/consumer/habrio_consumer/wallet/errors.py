"""How a call about a wallet can fail."""

from __future__ import annotations

from habrio_shared.errors import BadRequest, Forbidden, Unavailable


class WalletNotYours(Forbidden):
    """Only payments and orders move a wallet's money."""

    word = "wallet_moves_by_itself"
    sentence = "A wallet is credited and debited by payments and orders only"


class PaymentsNotConfigured(Unavailable):
    word = "payments_not_configured"
    sentence = "Wallets cannot be loaded here: no payment provider is configured"


class PaymentDeclined(BadRequest):
    """The provider did not take the payment, and never will."""

    word = "payment_declined"
    sentence = "The payment was declined; nothing was taken"
