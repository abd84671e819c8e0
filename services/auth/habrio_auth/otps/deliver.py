"""A code is brought to its phone."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from habrio_auth.otps import rules
from habrio_auth.otps.errors import NotDelivered
from habrio_auth.otps.queries import seconds_left
from habrio_auth.settings import AuthSettings, current_settings
from habrio_shared import notify


def deliver(phone: str, code: str) -> bool:
    """Bring `code` to `phone` (E.164) through NOTIFY_URL.

    False when nobody waits for it any more: it was used, replaced or guessed at too often. NotDelivered when no
    provider took it, or its time is over.
    """
    settings = current_settings()
    left_seconds = _seconds_left(settings, phone, code)
    if left_seconds is None:
        return False
    if left_seconds <= 0:
        raise NotDelivered("its time is over", left_seconds=0)
    try:
        notify.send(settings, phone, rules.text_for(code), code)
    except notify.NotTaken as error:
        raise NotDelivered(str(error), left_seconds=left_seconds) from error
    return True


def _seconds_left(settings: AuthSettings, phone: str, code: str) -> float | None:
    code_hash = rules.keyed_hash(settings.otp_pepper.get_secret_value().encode(), phone, code)
    try:
        return seconds_left(phone, code_hash)
    except (OperationalError, NoConnectionLeft) as error:
        # Without the database nobody can log in either: the code waits for it, for as long as it may be good.
        raise NotDelivered("the database is away", left_seconds=rules.LIFETIME_SECONDS) from error
