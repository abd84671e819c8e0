"""What the vendor service can be told by its environment."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import current_app
from pydantic import Field, SecretStr, model_validator

from habrio_shared.notify import NotifySettings
from habrio_shared.sealing import Sealer
from habrio_shared.settings import SecretList, ZoneName

WAIT_MAX_SECONDS = 30 * 86_400


class VendorSettings(NotifySettings):
    """`commission_basis_points`: the platform's share of a wallet order, in 1/10,000; frozen on each order.

    Seconds after which the timer cancels an order: `vendor_response_timeout` one that its vendor has not answered
    (0: never), `modification_timeout` one whose change its consumer has not confirmed. They count for what begins to
    wait from then on.
    `upload_folder` keeps what vendors send; web processes and workers must see the same one. `data_key` encrypts what
    the database may not have in clear; `data_previous_keys` only decrypt. `secret_key` signs links to files.
    `enforce_shop_hours`: a shop takes orders only within its weekly hours, which are times of `time_zone`.
    `payout_provider`: who brings vendors' money to their banks. `sandbox` says that it did and moves none, so staging
    and production refuse it; it is the default elsewhere. `http`: the provider at `payout_provider_url`, which knows us
    by `payout_provider_key`. `none`: nothing can be withdrawn.
    """

    service: ClassVar[str] = "vendor"

    commission_basis_points: int = Field(default=0, ge=0, le=10_000)
    vendor_response_timeout: float = Field(default=0, ge=0, le=WAIT_MAX_SECONDS, allow_inf_nan=False)
    modification_timeout: float = Field(default=1800, gt=0, le=WAIT_MAX_SECONDS, allow_inf_nan=False)
    enforce_shop_hours: bool = False
    time_zone: ZoneName = "Asia/Kolkata"
    upload_folder: Path = Path("uploads")
    secret_key: SecretStr
    data_key: SecretStr
    data_previous_keys: SecretList = Field(default_factory=list)
    payout_provider: Literal["sandbox", "http", "none"] = "none"
    payout_provider_url: str = ""
    payout_provider_key: SecretStr | None = None

    @cached_property
    def sealer(self) -> Sealer:
        """For what the database may have only encrypted."""
        return Sealer(self.service, [key.get_secret_value() for key in (self.data_key, *self.data_previous_keys)])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def secrets(self) -> dict[str, str]:
        """Those that Habrio makes: how long a provider's key is, the provider says."""
        return {name: value for name, value in super().secrets().items() if name != "payout_provider_key"}

    @model_validator(mode="before")
    @classmethod
    def _sandbox_outside_production(cls, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("app_env", "development") in ("development", "testing"):
            return {"payout_provider": "sandbox", **given}
        return given

    @model_validator(mode="after")
    def _payouts_go_to_a_bank(self) -> Self:
        if self.is_strict and self.payout_provider == "sandbox":
            raise ValueError("PAYOUT_PROVIDER=sandbox pays nobody; staging and production refuse it")
        if self.payout_provider == "http":
            url = urlsplit(self.payout_provider_url)
            if url.scheme not in (("https",) if self.is_strict else ("https", "http")):
                raise ValueError("PAYOUT_PROVIDER=http needs PAYOUT_PROVIDER_URL: https://… (http:// in development)")
            if not url.hostname or url.username or url.query or url.fragment:
                raise ValueError("PAYOUT_PROVIDER_URL is a host and a path, nothing more")
            if self.payout_provider_key is None:
                raise ValueError("PAYOUT_PROVIDER=http needs PAYOUT_PROVIDER_KEY")
        return self


def current_settings() -> VendorSettings:
    """The settings of the current app."""
    settings: VendorSettings = current_app.extensions["habrio_settings"]
    return settings
