"""Who pays vendors: nobody by mistake, and nobody for show where money is real."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from habrio_vendor.settings import VendorSettings

BASE: dict[str, Any] = {
    "database_url": "sqlite:///x.db",
    "internal_secret": "0123456789abcdef" * 4,
    "secret_key": "123456789abcdef0" * 4,
    "data_key": "23456789abcdef01" * 4,
    "notify_url": "none",
}
HTTP = {"payout_provider": "http", "payout_provider_url": "https://bank.example/v1", "payout_provider_key": "k"}
STRICT = ("staging", "production")


@pytest.mark.parametrize(
    ("app_env", "provider"),
    [("development", "sandbox"), ("testing", "sandbox"), ("staging", "none"), ("production", "none")],
)
def test_the_sandbox_is_the_default_outside_staging_and_production(app_env: str, provider: str) -> None:
    assert VendorSettings.model_validate({**BASE, "app_env": app_env}).payout_provider == provider


@pytest.mark.parametrize("app_env", STRICT)
def test_the_sandbox_is_refused_where_money_is_real(app_env: str) -> None:
    with pytest.raises(ValidationError, match="pays nobody"):
        VendorSettings.model_validate({**BASE, "app_env": app_env, "payout_provider": "sandbox"})


@pytest.mark.parametrize("app_env", [*STRICT, "development"])
def test_a_provider_needs_an_address_and_a_key_of_its_own_length(app_env: str) -> None:
    made = VendorSettings.model_validate({**BASE, **HTTP, "app_env": app_env})
    assert (made.payout_provider, "bank.example" in made.payout_provider_url) == ("http", True)
    assert "payout_provider_key" not in made.secrets()


@pytest.mark.parametrize(
    "wrong",
    [
        {"payout_provider_url": ""},
        {"payout_provider_url": "ftp://bank.example"},
        {"payout_provider_url": "bank.example"},
        {"payout_provider_url": "https://"},
        {"payout_provider_url": "https://me:pw@bank.example"},
        {"payout_provider_url": "https://bank.example/?key=1"},
        {"payout_provider_url": "https://bank.example/#x"},
        {"payout_provider_url": "https://["},
        {"payout_provider_key": None},
        {"payout_provider": "somebody"},
    ],
)
def test_a_provider_that_cannot_be_reached_stops_the_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        VendorSettings.model_validate({**BASE, **HTTP, **wrong})


def test_account_numbers_never_travel_in_clear_where_they_are_real() -> None:
    plain = {**HTTP, "payout_provider_url": "http://bank.example"}
    assert VendorSettings.model_validate({**BASE, **plain, "app_env": "testing"}).payout_provider == "http"
    for app_env in STRICT:
        with pytest.raises(ValidationError, match="https"):
            VendorSettings.model_validate({**BASE, **plain, "app_env": app_env})


def test_what_is_given_stays_as_it_was_given() -> None:
    given = {**BASE, "app_env": "testing"}
    VendorSettings.model_validate(given)
    assert "payout_provider" not in given
