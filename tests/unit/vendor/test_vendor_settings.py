"""What the vendor service can be told, and what it refuses to be told."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from habrio_vendor.settings import VendorSettings

NEEDED = {
    "database_url": "sqlite:///data.db",
    "internal_secret": "7c" * 32,
    "secret_key": "5e" * 32,
    "data_key": "da" * 32,
}


def test_hours_are_not_enforced_unless_asked_and_are_indian_time() -> None:
    settings = VendorSettings.model_validate(NEEDED)
    assert (settings.enforce_shop_hours, settings.zone.key) == (False, "Asia/Kolkata")


@pytest.mark.parametrize(
    "name", ["Asia/Calcutta2", "Asia", "IST", "+05:30", "../../etc/passwd", "/etc/localtime", "a\x00b"]
)
def test_a_time_zone_that_is_none_stops_the_start(name: str) -> None:
    with pytest.raises(ValidationError, match="time zone"):
        VendorSettings.model_validate(NEEDED | {"time_zone": name})
