"""NOTIFY_URL, for services that send messages."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, SecretStr, model_validator

from habrio_shared.notify import addresses
from habrio_shared.settings import ServiceSettings


def _checked(given: SecretStr) -> SecretStr:
    addresses.addresses(given.get_secret_value())
    return SecretStr(given.get_secret_value().strip())


class NotifySettings(ServiceSettings):
    """`notify_url` chooses how messages travel: `console` writes them to the worker's output, which staging and
    production refuse; `none` sends nothing; else the addresses of providers. Only their form is looked at here:
    whether apprise can use them, the worker asks before it starts (`notify.check`).
    """

    notify_url: Annotated[SecretStr, AfterValidator(_checked)] = SecretStr(addresses.CONSOLE)

    def secrets(self) -> dict[str, str]:
        """Those that Habrio makes: how long the credentials in NOTIFY_URL are is for the provider to say."""
        return {name: value for name, value in super().secrets().items() if name != "notify_url"}

    @model_validator(mode="after")
    def _refuse_the_console_in_production(self) -> Self:
        if self.is_strict and self.notify_url.get_secret_value() == addresses.CONSOLE:
            raise ValueError("NOTIFY_URL=console shows one-time passwords and more; staging and production refuse it")
        return self
