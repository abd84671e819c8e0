"""What the auth service can be told by its environment."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from flask import current_app
from pydantic import Field, SecretStr, model_validator

from habrio_shared.settings import SecretList, ServiceSettings

DEVELOPMENT_FACTOR = 100
"""A developer logs in all day long: unless set, limits are so many times wider there (API.md, "Default limits")."""


class AuthSettings(ServiceSettings):
    """`jwt_previous_secrets` only verify; `auth_view_role` is the database role that may read session_view.

    `notify_url` chooses how one-time passwords travel: `console` writes them to the worker's output, which staging and
    production refuse; `none` sends nothing.
    """

    service: ClassVar[str] = "auth"

    jwt_secret: SecretStr
    jwt_previous_secrets: SecretList = Field(default_factory=list)
    otp_pepper: SecretStr
    access_token_seconds: int = Field(default=900, ge=60, le=86_400)
    refresh_token_days: int = Field(default=30, ge=1, le=365)
    default_region: str = Field(default="IN", pattern=r"^[A-Z]{2}$")
    notify_url: Literal["console", "none"] = "console"
    otp_per_phone_hour: int = Field(default=6, ge=1)
    otp_per_phone_day: int = Field(default=20, ge=1)
    auth_view_role: str = Field(default="habrio_gateway", pattern=r"^[a-z_][a-z0-9_]*$")

    @property
    def refresh_token_seconds(self) -> int:
        return self.refresh_token_days * 86_400

    @property
    def has_test_support(self) -> bool:
        return self.app_env in ("development", "testing")

    @model_validator(mode="before")
    @classmethod
    def _widen_in_development(cls, given: dict[str, object]) -> dict[str, object]:
        if given.get("app_env", "development") == "development":
            for name in ("otp_per_phone_hour", "otp_per_phone_day"):
                given.setdefault(name, cls.model_fields[name].default * DEVELOPMENT_FACTOR)
        return given

    @model_validator(mode="after")
    def _refuse_the_console_in_production(self) -> Self:
        if self.is_strict and self.notify_url == "console":
            raise ValueError("NOTIFY_URL=console shows one-time passwords in the log; staging and production refuse it")
        return self


def current_settings() -> AuthSettings:
    """The settings of the current app."""
    settings: AuthSettings = current_app.extensions["habrio_settings"]
    return settings
