"""Who brings money to a vendor's bank: the port for payout providers, a sandbox, and plain REST (ADR 0013).

    POST <PAYOUT_PROVIDER_URL>/payouts          {"id", "amount_paise", "currency", "account_number", "ifsc_code", …}
    GET  <PAYOUT_PROVIDER_URL>/payouts/<id>

Both answer {"id", "amount_paise", "status": pending, paid or failed, "reference", "reason"} with 200, 201 or 202, or
with 422 and `failed`. 404 to GET: no such payout; 409 to POST: there is one already. The id is the idempotency key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import urlsplit

import requests
from flask import current_app
from pydantic import BaseModel, ConfigDict

from habrio_shared.database import in_transaction
from habrio_vendor.payouts.errors import PayoutsNotConfigured
from habrio_vendor.settings import VendorSettings

CONNECT_TIMEOUT_SECONDS = 2.0
READ_TIMEOUT_SECONDS = 10.0
ANSWERS = (200, 201, 202, 422)
AWAY_STATUSES = (429, 502, 503, 504)
EXTENSION = "habrio_payout_provider"


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the provider is to do: so many paise to that account. `key` is the payout's id there."""

    key: str
    amount_paise: int
    bank_name: str
    account_number: str = field(repr=False)
    ifsc_code: str
    reference: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it stands with a payout that the provider has: `reference` is the bank's, `reason` why it failed."""

    status: Literal["pending", "paid", "failed"]
    reference: str = ""
    reason: str = ""


class NoAnswer(Exception):
    """Nobody knows what the provider did. `is_away`: nothing gets through to it just now, for other payouts neither."""

    def __init__(self, reason: str, *, is_away: bool = False) -> None:
        super().__init__(reason)
        self.is_away = is_away


class PayoutProvider(Protocol):
    """Pays a transfer once, however often its key comes. `name` says which provider it is, for ever."""

    name: str

    def send(self, transfer: Transfer) -> Outcome:
        """Hand it over; NoAnswer. What was handed over before under its key is not paid again."""

    def ask(self, transfer: Transfer) -> Outcome | None:
        """How it stands with it; None if the provider does not know it; NoAnswer."""


class Sandbox:
    """Every payout is paid at once and no money moves; for development and tests."""

    name = "sandbox"

    def send(self, transfer: Transfer) -> Outcome:
        return Outcome("paid", reference=f"sandbox-{transfer.key}")

    def ask(self, transfer: Transfer) -> Outcome | None:
        return self.send(transfer)


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True)

    id: str
    amount_paise: int
    status: Literal["pending", "paid", "failed"]
    reference: str = ""
    reason: str = ""


class HttpProvider:
    """A provider that speaks the protocol above; safe to share between threads."""

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        self.name = f"{parts.scheme}://{parts.netloc}"
        self._url = f"{url.rstrip('/')}/payouts"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {key}"

    def send(self, transfer: Transfer) -> Outcome:
        body = {
            "id": transfer.key,
            "amount_paise": transfer.amount_paise,
            "currency": "INR",
            "bank_name": transfer.bank_name,
            "account_number": transfer.account_number,
            "ifsc_code": transfer.ifsc_code,
            "reference": transfer.reference,
        }
        response = self._request("POST", self._url, body, {"Idempotency-Key": transfer.key})
        if response.status_code != 409:
            return _outcome(response, transfer)
        known = self.ask(transfer)
        if known is None:
            raise NoAnswer("it has the payout already, and does not know it")
        return known

    def ask(self, transfer: Transfer) -> Outcome | None:
        response = self._request("GET", f"{self._url}/{transfer.key}")
        return None if response.status_code == 404 else _outcome(response, transfer)

    def _request(
        self, method: str, url: str, body: object = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        if in_transaction():
            raise RuntimeError("no call may leave the process inside a transaction")
        try:
            return self._session.request(
                method,
                url,
                json=body,
                headers=headers,
                timeout=(CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise NoAnswer(f"{method}: {type(error).__name__}", is_away=True) from error


def _outcome(response: requests.Response, transfer: Transfer) -> Outcome:
    """What a proper answer about this very payout says; anything else leaves open what was done."""
    if response.status_code not in ANSWERS:
        raise NoAnswer(f"it answered {response.status_code}", is_away=response.status_code in AWAY_STATUSES)
    try:
        answer = _Answer.model_validate(response.json())
    except ValueError as error:
        raise NoAnswer(f"it answered {response.status_code} and nothing that can be read") from error
    if (answer.id, answer.amount_paise) != (transfer.key, transfer.amount_paise):
        raise NoAnswer("it answered about another payout")
    if response.status_code == 422 and answer.status != "failed":
        raise NoAnswer(f"it answered 422 and that the payout is {answer.status}")
    return Outcome(answer.status, answer.reference, answer.reason)


def provider() -> PayoutProvider:
    """The provider of PAYOUT_PROVIDER, one a process; PayoutsNotConfigured if there is none."""
    found: PayoutProvider | None = current_app.extensions.get(EXTENSION)
    if found is None:
        found = _made(current_app.extensions["habrio_settings"])
        current_app.extensions[EXTENSION] = found
    return found


def _made(settings: VendorSettings) -> PayoutProvider:
    if settings.payout_provider == "sandbox":
        return Sandbox()
    if settings.payout_provider == "http" and settings.payout_provider_key is not None:
        return HttpProvider(settings.payout_provider_url, settings.payout_provider_key.get_secret_value())
    raise PayoutsNotConfigured
