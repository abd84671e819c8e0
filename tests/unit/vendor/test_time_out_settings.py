"""The times that people are given to answer, as the environment says them."""

from __future__ import annotations

import pytest

from habrio_vendor.settings import VendorSettings


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DATABASE_URL": "sqlite:///x.db", "SECRET_KEY": "5e" * 32, "DATA_KEY": "da" * 32}.items():
        monkeypatch.setenv(name, value)
    for name in ("VENDOR_RESPONSE_TIMEOUT", "MODIFICATION_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)


def test_a_vendor_has_all_the_time_and_a_consumer_half_an_hour() -> None:
    settings = VendorSettings()
    assert (settings.vendor_response_timeout, settings.modification_timeout) == (0, 1800)


def test_the_environment_decides_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENDOR_RESPONSE_TIMEOUT", "900")
    monkeypatch.setenv("MODIFICATION_TIMEOUT", "0.5")
    settings = VendorSettings()
    assert (settings.vendor_response_timeout, settings.modification_timeout) == (900, 0.5)


@pytest.mark.parametrize("bad", ["-1", "nan", "inf", "1e9", "soon", "[]"])
@pytest.mark.parametrize("name", ["VENDOR_RESPONSE_TIMEOUT", "MODIFICATION_TIMEOUT"])
def test_a_time_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str, bad: str) -> None:
    monkeypatch.setenv(name, bad)
    with pytest.raises(ValueError, match=name.lower()):
        VendorSettings()


def test_a_change_cannot_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODIFICATION_TIMEOUT", "0")
    with pytest.raises(ValueError, match="modification_timeout"):
        VendorSettings()
