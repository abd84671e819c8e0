"""A one-time password is sent."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_auth.otps import rules
from habrio_auth.otps.errors import TooManyOtps
from habrio_auth.otps.handover import hand_over
from habrio_auth.otps.models import Otp, OtpQuota
from habrio_auth.settings import AuthSettings, current_settings
from habrio_auth.test_support import codes
from habrio_shared.database import after, db_now, insert_ignore, transaction
from habrio_shared.metrics.series import OTPS


def send(phone: str) -> None:
    """Make a new code for `phone` (E.164), which replaces an older one, and hand it to the delivery task.

    TooManyOtps past OTP_PER_PHONE_HOUR or OTP_PER_PHONE_DAY. Does the same for known and unknown phones.
    """
    settings = current_settings()
    code = rules.new_code()
    if settings.has_test_support:
        codes.prepare()
    with transaction() as session:
        refusal = _count(session, settings, phone)
        if refusal is None:
            _replace(session, settings, phone, code)
    if refusal is not None:  # that it was counted is committed: every attempt counts (API.md)
        OTPS.labels("refused").inc()
        raise refusal
    OTPS.labels("sent").inc()
    hand_over(phone, code)


def _count(session: Session, settings: AuthSettings, phone: str) -> TooManyOtps | None:
    """Count one more attempt under the lock of the phone's quota; the refusal if it is one too many."""
    now = session.execute(select(db_now())).scalar_one()
    empty = {"hour_started_at": now, "hour_count": 0, "day_started_at": now, "day_count": 0}
    insert_ignore(session, OtpQuota, {"phone": phone, **empty})
    quota = session.execute(select(OtpQuota).where(OtpQuota.phone == phone).with_for_update()).scalar_one()
    hour = rules.Window(quota.hour_started_at, quota.hour_count).counted(now, rules.HOUR)
    day = rules.Window(quota.day_started_at, quota.day_count).counted(now, rules.DAY)
    quota.hour_started_at, quota.hour_count = hour.started_at, hour.count
    quota.day_started_at, quota.day_count = day.started_at, day.count
    if day.count > settings.otp_per_phone_day:
        return TooManyOtps(settings.otp_per_phone_day, "day", day.seconds_left(now, rules.DAY))
    if hour.count > settings.otp_per_phone_hour:
        return TooManyOtps(settings.otp_per_phone_hour, "hour", hour.seconds_left(now, rules.HOUR))
    return None


def _replace(session: Session, settings: AuthSettings, phone: str, code: str) -> None:
    otp = session.get(Otp, phone, with_for_update=True) or Otp(phone=phone)
    otp.code_hash = rules.keyed_hash(settings.otp_pepper.get_secret_value().encode(), phone, code)
    otp.tries = 0
    otp.expires_at = session.execute(select(after(rules.LIFETIME_SECONDS))).scalar_one()
    otp.used_at = None
    session.add(otp)
    if settings.has_test_support:
        codes.show(session, phone, code)
