"""Settings of the admin service."""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import ZoneInfo

from flask import current_app
from pydantic import SecretStr

from habrio_shared.settings import ServiceSettings, ZoneName


class AdminSettings(ServiceSettings):
    """`time_zone`: whose days figures are counted by, and lists bounded by. `secret_key` signs the page's forms."""

    service: ClassVar[str] = "admin"

    secret_key: SecretStr
    time_zone: ZoneName = "Asia/Kolkata"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def current_settings() -> AdminSettings:
    """The settings of the current app."""
    settings: AdminSettings = current_app.extensions["habrio_settings"]
    return settings
