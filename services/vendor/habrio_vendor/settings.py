"""What the vendor service can be told by its environment."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from flask import current_app
from pydantic import AfterValidator, Field, SecretStr

from habrio_shared.notify import NotifySettings
from habrio_shared.sealing import Sealer
from habrio_shared.settings import SecretList

WAIT_MAX_SECONDS = 30 * 86_400


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"TIME_ZONE: {name!r} is not the name of a time zone, such as Asia/Kolkata") from error
    return name


class VendorSettings(NotifySettings):
    """`commission_basis_points`: the platform's share of a wallet order, in 1/10,000; frozen on each order.

    Seconds after which the timer cancels an order: `vendor_response_timeout` one that its vendor has not answered
    (0: never), `modification_timeout` one whose change its consumer has not confirmed. They count for what begins to
    wait from then on.
    `upload_folder` keeps what vendors send; web processes and workers must see the same one. `data_key` encrypts what
    the database may not have in clear; `data_previous_keys` only decrypt. `secret_key` signs links to files.
    `enforce_shop_hours`: a shop takes orders only within its weekly hours, which are times of `time_zone`.
    """

    service: ClassVar[str] = "vendor"

    commission_basis_points: int = Field(default=0, ge=0, le=10_000)
    vendor_response_timeout: float = Field(default=0, ge=0, le=WAIT_MAX_SECONDS, allow_inf_nan=False)
    modification_timeout: float = Field(default=1800, gt=0, le=WAIT_MAX_SECONDS, allow_inf_nan=False)
    enforce_shop_hours: bool = False
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Kolkata"
    upload_folder: Path = Path("uploads")
    secret_key: SecretStr
    data_key: SecretStr
    data_previous_keys: SecretList = Field(default_factory=list)

    @cached_property
    def sealer(self) -> Sealer:
        """For what the database may have only encrypted."""
        return Sealer(self.service, [key.get_secret_value() for key in (self.data_key, *self.data_previous_keys)])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def current_settings() -> VendorSettings:
    """The settings of the current app."""
    settings: VendorSettings = current_app.extensions["habrio_settings"]
    return settings
