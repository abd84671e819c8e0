"""What the consumer service can be told by its environment."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from flask import current_app
from pydantic import Field, model_validator

from habrio_shared.limiter import LimitedSettings, RateLimit
from habrio_shared.settings import ServiceSettings


class ConsumerSettings(ServiceSettings, LimitedSettings):
    """`payment_provider`: who takes the money that a wallet is loaded with.

    `sandbox` credits at once without taking any, so staging and production refuse it; it is the default elsewhere.
    `none`: wallets cannot be loaded. `order_timeout_seconds`: how long a person waits for the vendor's word on an
    order before the answer is 202.
    """

    service: ClassVar[str] = "consumer"

    payment_provider: Literal["sandbox", "none"] = "none"
    order_limit_per_ip: RateLimit = Field(default="20 per hour", description="orders from one network address")
    order_limit_per_user: RateLimit = Field(default="20 per hour", description="orders by one person")
    order_timeout_seconds: float = Field(default=3.0, gt=0, le=10)

    @model_validator(mode="before")
    @classmethod
    def _sandbox_outside_production(cls, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("app_env", "development") in ("development", "testing"):
            return {"payment_provider": "sandbox", **given}
        return given

    @model_validator(mode="after")
    def _no_free_money_in_production(self) -> Self:
        if self.is_strict and self.payment_provider == "sandbox":
            raise ValueError("PAYMENT_PROVIDER=sandbox gives money away; staging and production refuse it")
        return self


def current_settings() -> ConsumerSettings:
    """The settings of the current app."""
    settings: ConsumerSettings = current_app.extensions["habrio_settings"]
    return settings
