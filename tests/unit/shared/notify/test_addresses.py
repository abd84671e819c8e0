"""What NOTIFY_URL may say, and how an address is filled in."""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import unquote

import pytest
from pydantic import SecretStr

from habrio_shared import notify
from habrio_shared.notify import addresses, providers
from habrio_shared.notify.settings import NotifySettings

SID, TOKEN = "AC" + "0" * 32, "f" * 32
TWILIO = f"twilio://{SID}:{TOKEN}@+15005550006/{{phone}}"
TWILIO_WHATSAPP = f"twilio://{SID}:{TOKEN}@w%3A+15005550006/{{phone}}"
WHATSAPP = "whatsapp://login_code:T0ken@12345678901234/{phone}?lang=en&:1={code}"
MSG91 = "msg91://template1@authkey1/{phone}?:otp={code}"
PHONE, CODE = "+919876543210", "012345"


@pytest.mark.parametrize("alone", ["console", "none", " none "])
def test_the_console_and_none_have_no_addresses(alone: str) -> None:
    assert addresses.addresses(alone) == []


def test_addresses_keep_their_order_and_lose_the_space_around() -> None:
    assert addresses.addresses(f" {WHATSAPP} , {TWILIO}") == [WHATSAPP, TWILIO]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("", "address 1 of 1: neither"),
        ("sms", "address 1 of 1: neither"),
        ("twilio:k3y/{phone}", "address 1 of 1: neither"),
        ("json://k3y @h/{phone}", "address 1 of 1: neither"),
        ("json://k3y@h/", r"address 1 of 1: it has no \{phone\}"),
        ("json://k3y@h/{phone}/{name}", "address 1 of 1: only"),
        ("json://k3y@h/{phone}/{code", "address 1 of 1: only"),
        ("json://k3y@h/{phone}/{0.__class__}", "address 1 of 1: only"),
        ("console,json://k3y@h/{phone}", "address 1 of 2: console stands alone"),
        ("json://k3y@h/{phone},none", "address 2 of 2: none stands alone"),
        ("json://k3y@h/{phone},", "address 2 of 2: neither"),
        (",".join(["json://k3y@h/{phone}"] * 5), "5 addresses: at most 4"),
    ],
)
def test_what_is_wrong_is_said_by_its_place_and_without_its_text(given: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong) as said:
        addresses.addresses(given)
    assert "k3y" not in str(said.value)


def test_phone_and_code_are_filled_in_and_percent_encoded() -> None:
    filled = addresses.filled_in("json://h/{phone}?:c={code}&:p={phone}&:x=%7Bphone%7D", PHONE, CODE)
    assert filled == "json://h/%2B919876543210?:c=012345&:p=%2B919876543210&:x=%7Bphone%7D"
    assert unquote(filled).startswith("json://h/+919876543210?")


@pytest.mark.parametrize("address", [TWILIO, TWILIO_WHATSAPP, WHATSAPP, MSG91, "json://h/{phone}"])
def test_apprise_can_use_what_the_readme_shows(address: str) -> None:
    assert providers.is_usable(addresses.filled_in(address, PHONE, CODE))


@pytest.mark.parametrize(
    "address", ["pigeon://loft/{phone}", "twilio://k3y@+15005550006/{phone}", "whatsapp://k3y/{phone}"]
)
def test_an_address_that_apprise_cannot_use_stops_the_worker_and_is_not_shown(
    address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = NotifySettings(database_url="sqlite://", notify_url=SecretStr(f"{WHATSAPP},{address}"))
    with pytest.raises(ValueError, match=rf"address 2 \({addresses.scheme(address)}://…\)") as said:
        notify.check(settings)
    shown = str(said.value) + "".join(capfd.readouterr())
    assert "k3y" not in shown
    assert said.value.__cause__ is None


def test_the_service_starts_without_apprise() -> None:
    look = "import sys, habrio_auth.app, habrio_auth.otps.tasks; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
