"""Settings: what a developer gets by default, and what production is not given."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from habrio_auth.settings import AuthSettings

GIVEN = {"DATABASE_URL": "sqlite:///x.db", "JWT_SECRET": "j" * 40, "OTP_PEPPER": "o" * 40}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> type[AuthSettings]:
    for name in ("APP_ENV", "NOTIFY_URL", "OTP_PER_PHONE_HOUR", "OTP_PER_PHONE_DAY", "JWT_PREVIOUS_SECRETS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    return AuthSettings


@pytest.mark.parametrize(("app_env", "bounds"), [("development", (600, 2000)), ("testing", (6, 20))])
def test_development_multiplies_the_bounds_by_a_hundred(
    settings: type[AuthSettings], monkeypatch: pytest.MonkeyPatch, app_env: str, bounds: tuple[int, int]
) -> None:
    monkeypatch.setenv("APP_ENV", app_env)
    made = settings()
    assert (made.otp_per_phone_hour, made.otp_per_phone_day) == bounds


def test_a_bound_that_is_set_is_what_it_is(settings: type[AuthSettings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTP_PER_PHONE_HOUR", "7")
    made = settings()
    assert (made.app_env, made.otp_per_phone_hour, made.otp_per_phone_day) == ("development", 7, 2000)


@pytest.mark.parametrize("app_env", ["staging", "production"])
def test_codes_on_the_console_are_refused_in_staging_and_production(
    settings: type[AuthSettings], monkeypatch: pytest.MonkeyPatch, app_env: str
) -> None:
    monkeypatch.setenv("APP_ENV", app_env)
    with pytest.raises(ValidationError, match="NOTIFY_URL=console"):
        settings()
    monkeypatch.setenv("NOTIFY_URL", "none")
    made = settings()
    assert (made.has_test_support, made.otp_per_phone_hour) == (False, 6)


def test_a_channel_that_nobody_is_reached_by_stops_the_start_and_is_not_shown(
    settings: type[AuthSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_URL", "pigeon://k3y@loft")
    with pytest.raises(ValidationError, match="notify_url") as said:
        settings()
    assert "has no {phone}" in str(said.value)
    assert "k3y" not in str(said.value)


def test_the_credentials_of_providers_are_kept_like_a_secret_but_theirs_to_judge(
    settings: type[AuthSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.setenv("NOTIFY_URL", "json://default:k3y@a/{phone}, json://b/{phone}")
    made = settings()
    assert made.notify_url.get_secret_value() == "json://default:k3y@a/{phone}, json://b/{phone}"
    assert "k3y" not in repr(made)


@pytest.mark.parametrize("written", ["old-one, older-one", '["old-one", "older-one"]'])
def test_previous_secrets_come_as_a_list_of_either_form(
    settings: type[AuthSettings], monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("JWT_PREVIOUS_SECRETS", written)
    made = settings()
    assert [secret.get_secret_value() for secret in made.jwt_previous_secrets] == ["old-one", "older-one"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JWT_SECRET", "short"),
        ("OTP_PEPPER", "j" * 40),
        ("JWT_PREVIOUS_SECRETS", "short"),
        ("OTP_PEPPER", "changeme" * 8),
    ],
)
def test_weak_and_equal_secrets_stop_the_start_in_production(
    settings: type[AuthSettings], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.setenv("NOTIFY_URL", "none")
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=r"too weak|two secrets are equal"):
        settings()
