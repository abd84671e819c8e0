"""Who takes the money that a wallet is loaded with: the port for payment providers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Protocol

from habrio_consumer.settings import current_settings
from habrio_consumer.wallet.errors import PaymentsNotConfigured


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that was made: its id, unique for ever, and who took it."""

    id: str
    provider: str


class PaymentProvider(Protocol):
    """Takes a payment, or raises."""

    def charge(self, user_id: int, amount_paise: int) -> Payment: ...


class Sandbox:
    """Every payment succeeds at once and no money moves; for development and tests."""

    def charge(self, user_id: int, amount_paise: int) -> Payment:  # noqa: ARG002 — the port's arguments
        return Payment(id=secrets.token_hex(12), provider="sandbox")


def provider() -> PaymentProvider:
    """The provider of PAYMENT_PROVIDER; PaymentsNotConfigured if there is none."""
    if current_settings().payment_provider == "sandbox":
        return Sandbox()
    raise PaymentsNotConfigured
