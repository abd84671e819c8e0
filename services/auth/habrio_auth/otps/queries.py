"""What is known of a code."""

from __future__ import annotations

from sqlalchemy import select

from habrio_auth.otps import rules
from habrio_auth.otps.models import Otp
from habrio_shared.database import db_now, reading


def seconds_left(phone: str, code_hash: str) -> float | None:
    """For how long somebody can still log in with this code, ≤ 0 when its time is over.

    None when it can no longer serve for another reason: it was used, guessed at too often, or a newer one was sent.
    """
    wanted = select(Otp.expires_at, db_now()).where(
        Otp.phone == phone, Otp.code_hash == code_hash, Otp.used_at.is_(None), Otp.tries < rules.TRIES_MAX
    )
    with reading() as session:
        found = session.execute(wanted).one_or_none()
    return None if found is None else (found[0] - found[1]).total_seconds()
