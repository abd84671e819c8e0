"""Keys that the vendor service needs, and which it refuses where it counts."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from habrio_vendor.settings import VendorSettings

KEYS = {"internal_secret": "1a" * 32, "secret_key": "2b" * 32, "data_key": "3c" * 32}
BASE = {"database_url": "sqlite:///x.db", "app_env": "production", "notify_url": "none", **KEYS}


@pytest.mark.parametrize("name", ["secret_key", "data_key"])
def test_the_service_does_not_start_without_a_key(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        VendorSettings.model_validate({key: value for key, value in BASE.items() if key != name})


@pytest.mark.parametrize("name", ["secret_key", "data_key", "data_previous_keys"])
@pytest.mark.parametrize("weak", ["short", "changeme-changeme-changeme-changeme"])
def test_production_refuses_a_weak_key(name: str, weak: str) -> None:
    with pytest.raises(ValidationError, match="too weak"):
        VendorSettings.model_validate({**BASE, name: weak})


def test_production_refuses_two_keys_that_are_one() -> None:
    for name in ("secret_key", "data_previous_keys"):
        with pytest.raises(ValidationError, match="equal"):
            VendorSettings.model_validate({**BASE, name: KEYS["data_key"]})


def test_a_new_key_seals_and_the_previous_ones_still_open() -> None:
    before = VendorSettings.model_validate(BASE)
    after = VendorSettings.model_validate({**BASE, "data_key": "4d" * 32, "data_previous_keys": KEYS["data_key"]})
    assert after.sealer.unseal(before.sealer.seal("123456789")) == "123456789"
    assert (
        VendorSettings.model_validate({**BASE, "data_key": "4d" * 32}).sealer.unseal(after.sealer.seal("123456789"))
        == "123456789"
    )
