"""What the auth service can be told by its environment."""

from __future__ import annotations

from typing import ClassVar

from flask import current_app
from pydantic import Field, SecretStr, model_validator

from habrio_shared.limiter import DEVELOPMENT_FACTOR, LimitedSettings, RateLimit
from habrio_shared.notify import NotifySettings
from habrio_shared.settings import SecretList


class AuthSettings(NotifySettings, LimitedSettings):
    """`jwt_previous_secrets` only verify; `auth_view_role` is the database role that may read session_view.

    The limits are counted in Redis; `otp_per_phone_hour` and `otp_per_phone_day` in the database, whatever Redis does.
    """

    service: ClassVar[str] = "auth"

    jwt_secret: SecretStr
    jwt_previous_secrets: SecretList = Field(default_factory=list)
    otp_pepper: SecretStr
    access_token_seconds: int = Field(default=900, ge=60, le=86_400)
    refresh_token_days: int = Field(default=30, ge=1, le=365)
    default_region: str = Field(default="IN", pattern=r"^[A-Z]{2}$")
    otp_per_phone_hour: int = Field(default=6, ge=1)
    otp_per_phone_day: int = Field(default=20, ge=1)
    otp_send_limit_per_phone: RateLimit = Field(default="3 per 15 minutes", description="codes for one phone")
    otp_send_limit_per_ip: RateLimit = Field(default="5 per 15 minutes", description="codes from one network address")
    login_limit_per_phone: RateLimit = Field(default="10 per 30 minutes", description="log-ins of one phone")
    login_limit_per_ip: RateLimit = Field(default="10 per 30 minutes", description="log-ins from one network address")
    auth_view_role: str = Field(default="habrio_gateway", pattern=r"^[a-z_][a-z0-9_]*$")

    @property
    def refresh_token_seconds(self) -> int:
        return self.refresh_token_days * 86_400

    @property
    def has_test_support(self) -> bool:
        return self.app_env in ("development", "testing")

    @model_validator(mode="before")
    @classmethod
    def _widen_quotas_in_development(cls, given: dict[str, object]) -> dict[str, object]:
        if given.get("app_env", "development") == "development":
            for name in ("otp_per_phone_hour", "otp_per_phone_day"):
                given.setdefault(name, cls.model_fields[name].default * DEVELOPMENT_FACTOR)
        return given


def current_settings() -> AuthSettings:
    """The settings of the current app."""
    settings: AuthSettings = current_app.extensions["habrio_settings"]
    return settings
