"""What providers are sent, and what counts as taken: their own protocols against a server that stands in for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from apprise.plugins.twilio import NotifyTwilio
from apprise.plugins.whatsapp import NotifyWhatsApp
from pydantic import SecretStr

from habrio_shared import notify
from habrio_shared.notify.settings import NotifySettings
from tests.support.provider import Provider, running_provider

PHONE, CODE, TEXT = "+919876543210", "012345", "012345 is your Habrio code"
SID, TOKEN = "AC" + "0" * 32, "f" * 32


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


def sending(*addresses: str) -> None:
    settings = NotifySettings(database_url="sqlite://", notify_url=SecretStr(",".join(addresses)))
    notify.send(settings, PHONE, TEXT, CODE)


def test_twilio_is_asked_for_an_sms(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotifyTwilio, "notify_sms_url", f"{provider.url}/2010-04-01/Accounts/{{sid}}/Messages.json")
    provider.statuses = [201]
    sending(f"twilio://{SID}:{TOKEN}@+15005550006/{{phone}}")
    (sent,) = provider.received
    assert sent.path == f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert sent.headers["Authorization"].startswith("Basic ")
    assert {name: values[0] for name, values in parse_qs(sent.body).items()} == {
        "From": "+15005550006",
        "To": PHONE,
        "Body": TEXT,
    }


def test_whatsapp_is_asked_to_fill_a_template_with_the_code(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyWhatsApp, "notify_url", f"{provider.url}/{{fb_ver}}/{{phone_id}}/messages")
    sending("whatsapp://login_code:T0ken@12345678901234/{phone}?lang=en&:1={code}")
    (sent,) = provider.received
    message = json.loads(sent.body)
    assert sent.headers["Authorization"] == "Bearer T0ken"
    assert (message["to"], message["type"], message["template"]["name"]) == (PHONE, "template", "login_code")
    assert CODE in sent.body


def test_the_next_provider_is_asked_only_when_one_did_not_take_it(provider: Provider) -> None:
    one, two = f"json://{provider.address}/one/{{phone}}", f"json://{provider.address}/two/{{phone}}"
    sending(one, two)
    assert [sent.path for sent in provider.received] == [f"/one/{PHONE}"]
    provider.statuses = [503, 200]
    sending(one, two)
    assert [sent.path for sent in provider.received[1:]] == [f"/one/{PHONE}", f"/two/{PHONE}"]


@pytest.mark.parametrize("status", [400, 401, 302, 500, 0])
def test_a_message_that_nobody_took_is_said_without_text_phone_or_credentials(
    provider: Provider, status: int, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    provider.statuses = [status]
    with pytest.raises(notify.NotTaken, match="json did not take it") as said:
        sending(f"json://user:k3y@{provider.address}/{{phone}}")
    shown = str(said.value) + "".join(capfd.readouterr()) + caplog.text
    assert not [secret for secret in ("k3y", PHONE, CODE) if secret in shown]
