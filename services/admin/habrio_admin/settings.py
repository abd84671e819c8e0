"""Settings of the admin service."""

from __future__ import annotations

from typing import ClassVar

from habrio_shared.settings import ServiceSettings


class AdminSettings(ServiceSettings):
    """It needs nothing beyond what every service needs."""

    service: ClassVar[str] = "admin"
