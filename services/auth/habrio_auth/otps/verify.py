"""A one-time password is given back: it opens a session, once."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from habrio_auth.otps import rules
from habrio_auth.otps.errors import InvalidOtp, NotAnAdministrator
from habrio_auth.otps.models import Otp
from habrio_auth.sessions.open import open_session
from habrio_auth.sessions.schemas import SignedIn
from habrio_auth.settings import current_settings
from habrio_auth.users.create import ensure_user
from habrio_auth.users.models import User
from habrio_shared.database import db_now, transaction
from habrio_shared.metrics.committed import count_when_committed
from habrio_shared.metrics.series import OTPS


def administrator(session: Session, phone: str) -> User:
    """The administrator of `phone` (E.164), locked until the transaction ends; NotAnAdministrator."""
    user = session.execute(select(User).where(User.phone == phone).with_for_update()).scalar_one_or_none()
    if user is None or user.role != "admin":
        raise NotAnAdministrator
    return user


def verify(phone: str, code: str, device: str, *, open_for: Callable[[Session, str], User] = ensure_user) -> SignedIn:
    """Log `phone` (E.164) in on `device`; the first log-in makes the user. InvalidOtp, AccountSuspended.

    Each comparison is counted and committed before it is made: of any number of guesses at once, five are compared.
    `open_for` finds the user whose session it becomes, or refuses; a code that led to no session is not spent.
    """
    stored = _take_a_try(phone)
    pepper = current_settings().otp_pepper.get_secret_value().encode()
    given = rules.keyed_hash(pepper, phone, code)
    if stored is None or not rules.is_match(stored, given):
        OTPS.labels("wrong").inc()
        raise InvalidOtp
    with transaction() as session:
        if not _use(session, phone, stored):
            OTPS.labels("wrong").inc()
            raise InvalidOtp
        count_when_committed(session, OTPS.labels("verified"))
        return open_session(session, open_for(session, phone), device)


def _take_a_try(phone: str) -> str | None:
    """The stored hash, with one of its five tries spent; None when there is nothing to compare with."""
    spend = (
        update(Otp)
        .where(Otp.phone == phone, Otp.tries < rules.TRIES_MAX, Otp.used_at.is_(None), Otp.expires_at > db_now())
        .values(tries=Otp.tries + 1)
        .returning(Otp.code_hash)
        .execution_options(synchronize_session=False)
    )
    with transaction() as session:
        return session.execute(spend).scalar_one_or_none()


def _use(session: Session, phone: str, stored: str) -> bool:
    """Spend the code itself; False if it was used or replaced meanwhile."""
    use = (
        update(Otp)
        .where(Otp.phone == phone, Otp.code_hash == stored, Otp.used_at.is_(None))
        .values(used_at=db_now())
        .execution_options(synchronize_session=False)
    )
    result = session.execute(use)
    return isinstance(result, CursorResult) and result.rowcount == 1
