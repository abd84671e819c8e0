"""What is tidied away, and what is not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from habrio_auth.housekeeping import tasks
from habrio_auth.otps.models import Otp, OtpQuota
from habrio_auth.sessions.models import UserSession
from habrio_auth.users.models import User
from habrio_shared.database import after, reading, transaction, try_lock
from tests.integration.auth.conftest import IS_SQLITE, MakeApp
from tests.integration.auth.people import log_in

DAY = 86_400


def rows(app: Flask) -> tuple[int, ...]:
    with app.app_context(), reading() as session:
        tables = (Otp, OtpQuota, UserSession, User)
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def age(app: Flask, phone: str, days: int) -> None:
    """Codes, quotas and sessions of `phone` end so many days ago."""
    past = after(-days * DAY - 60)
    with app.app_context(), transaction() as session:
        user_id = session.execute(select(User.id).where(User.phone == phone)).scalar_one()
        session.execute(update(Otp).where(Otp.phone == phone).values(expires_at=past))
        session.execute(update(OtpQuota).where(OtpQuota.phone == phone).values(day_started_at=past))
        session.execute(update(UserSession).where(UserSession.user_id == user_id).values(expires_at=past))


def housekeep(app: Flask) -> int:
    with app.app_context():
        return int(tasks.housekeeping())


def test_what_has_done_its_duty_goes_and_users_stay(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BATCH_ROWS", 2)
    app = make_app()
    phones = [f"+91{log_in(app).phone}" for _ in range(5)]
    assert housekeep(app) == 0
    assert rows(app) == (5, 5, 5, 5)
    age(app, phones[0], 1)
    assert housekeep(app) == 1
    age(app, phones[1], 89)
    assert housekeep(app) == 2
    assert rows(app) == (3, 4, 5, 5)
    for phone in phones:
        age(app, phone, 91)
    assert housekeep(app) == 3 + 4 + 5
    assert rows(app) == (0, 0, 0, 5)


@pytest.mark.skipif(IS_SQLITE, reason="SQLite has one writer at a time and no advisory locks")
def test_only_one_of_two_does_it(make_app: MakeApp) -> None:
    app = make_app()
    age(app, f"+91{log_in(app).phone}", 91)
    with app.app_context(), transaction() as session, ThreadPoolExecutor(1) as another:
        assert try_lock(session, "housekeeping")
        assert another.submit(housekeep, app).result(10) == 0
    assert housekeep(app) == 3
