"""A message is brought to a phone."""

from __future__ import annotations

import sys
import time

from habrio_shared import faults
from habrio_shared.notify import addresses
from habrio_shared.notify.settings import NotifySettings

PROVIDER_SECONDS = 10.0
"""What one provider is given for one message, however slowly it talks."""

BEFORE_SEND = faults.declare("notify.before_send")
AFTER_SEND = faults.declare("notify.after_send")


class NotTaken(Exception):
    """No provider took the message this time. Says why without text and phone."""


def send(settings: NotifySettings, phone: str, text: str, code: str) -> None:
    """Bring `text` to `phone` (E.164) through NOTIFY_URL: the first provider that takes it is enough.

    `code` is its one word for providers with templates of their own. NotTaken when nobody took it; then a provider may
    still have it and not have said so.
    """
    faults.point(BEFORE_SEND)
    _send(settings, phone, text, code)
    faults.point(AFTER_SEND)


def _send(settings: NotifySettings, phone: str, text: str, code: str) -> None:
    notify_url = settings.notify_url.get_secret_value()
    if notify_url == addresses.NONE:
        return
    if notify_url == addresses.CONSOLE:
        # Not the log: it masks phones, and this is for the developer's eyes.
        sys.stdout.write(f"To {phone}: {text}\n")
        sys.stdout.flush()
        return
    from habrio_shared.notify import providers  # noqa: PLC0415 — apprise is large: only who sends pays for it

    refusals = []
    for address in addresses.addresses(notify_url):
        before = time.monotonic()
        if providers.send(addresses.filled_in(address, phone, code), text, PROVIDER_SECONDS):
            return
        refusals.append(f"{addresses.scheme(address)} did not take it in {time.monotonic() - before:.1f} s")
    raise NotTaken(", ".join(refusals))


def check(settings: NotifySettings) -> None:
    """ValueError when apprise cannot use an address of NOTIFY_URL; a worker asks before it starts."""
    given = addresses.addresses(settings.notify_url.get_secret_value())
    if not given:
        return
    from habrio_shared.notify import providers  # noqa: PLC0415 — apprise is large: only who sends pays for it

    for place, address in enumerate(given, start=1):
        if not providers.is_usable(addresses.filled_in(address, "+919876543210", "000000")):
            raise ValueError(
                f"NOTIFY_URL, address {place} ({addresses.scheme(address)}://…): apprise knows no such scheme, "
                "or a part that it needs is missing or malformed"
            )
