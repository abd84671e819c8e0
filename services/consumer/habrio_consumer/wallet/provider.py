"""Who takes the money that a wallet is loaded with: the port for payment providers."""

from __future__ import annotations

from typing import ClassVar, Protocol

from habrio_consumer.settings import current_settings
from habrio_consumer.wallet.errors import PaymentsNotConfigured


class PaymentProvider(Protocol):
    """Takes payments; `name` stands in the row of each."""

    name: ClassVar[str]

    def charge(self, payment_id: str, user_id: int, amount_paise: int) -> None:
        """Take this payment; returns once the money is there. Never called inside a transaction.

        Asked again with the same id it is the same payment: the money is taken once. PaymentDeclined: it was not
        taken, and never will be. Unavailable: nobody knows; it will be asked again.
        """
        ...


class Sandbox:
    """Every payment succeeds at once and no money moves; for development and tests."""

    name: ClassVar[str] = "sandbox"

    def charge(self, payment_id: str, user_id: int, amount_paise: int) -> None:
        """Nothing to do."""


def provider() -> PaymentProvider:
    """The provider of PAYMENT_PROVIDER; PaymentsNotConfigured if there is none."""
    if current_settings().payment_provider == "sandbox":
        return Sandbox()
    raise PaymentsNotConfigured
