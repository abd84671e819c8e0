"""Play money is for development and tests."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from habrio_consumer.settings import ConsumerSettings

BASE = {"database_url": "sqlite:///x.db", "internal_secret": "0123456789abcdef" * 4}


@pytest.mark.parametrize(
    ("app_env", "provider"),
    [("development", "sandbox"), ("testing", "sandbox"), ("staging", "none"), ("production", "none")],
)
def test_the_sandbox_is_the_default_outside_staging_and_production(app_env: str, provider: str) -> None:
    assert ConsumerSettings.model_validate({**BASE, "app_env": app_env}).payment_provider == provider


@pytest.mark.parametrize("app_env", ["staging", "production"])
def test_the_sandbox_is_refused_where_money_is_real(app_env: str) -> None:
    with pytest.raises(ValidationError, match="sandbox"):
        ConsumerSettings.model_validate({**BASE, "app_env": app_env, "payment_provider": "sandbox"})


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", BASE["database_url"])
    monkeypatch.setenv("INTERNAL_SECRET", BASE["internal_secret"])
    monkeypatch.setenv("APP_ENV", "production")
    assert ConsumerSettings().payment_provider == "none"
    monkeypatch.setenv("APP_ENV", "testing")
    assert ConsumerSettings().payment_provider == "sandbox"
    monkeypatch.setenv("PAYMENT_PROVIDER", "none")
    assert ConsumerSettings().payment_provider == "none"
    monkeypatch.setenv("PAYMENT_PROVIDER", "somebody")
    with pytest.raises(ValidationError):
        ConsumerSettings()


def test_what_is_given_stays_as_it_was_given() -> None:
    given = {**BASE, "app_env": "testing"}
    ConsumerSettings.model_validate(given)
    assert given == {**BASE, "app_env": "testing"}


@pytest.mark.parametrize("seconds", [0, -1, 10.1, float("nan"), float("inf"), "soon"])
def test_nobody_waits_for_the_vendor_for_no_time_or_longer_than_a_gateway_does(seconds: object) -> None:
    with pytest.raises(ValidationError, match="order_timeout_seconds"):
        ConsumerSettings.model_validate({**BASE, "order_timeout_seconds": seconds})
