"""How the administrators' page logs people in: the bounds of every log-in, for administrators alone."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from habrio_auth.users.models import User
from habrio_shared.contracts.sessions import (
    ADMIN_CODE_PATH,
    ADMIN_LOG_IN_PATH,
    ADMIN_LOG_OUT_PATH,
    ADMIN_REFRESH_PATH,
)
from habrio_shared.database import reading, transaction
from habrio_shared.errors import Unauthorized
from tests.integration.auth.conftest import MakeApp
from tests.integration.auth.people import another, code_of, log_in, sent, with_token
from tests.support.client import new_phone
from tests.support.signed import anonymous, person, service

BROWSER = "Firefox on a desk"
PATHS = (ADMIN_CODE_PATH, ADMIN_LOG_IN_PATH, ADMIN_REFRESH_PATH, ADMIN_LOG_OUT_PATH)


def user_of(app: Flask, phone: str) -> User | None:
    with app.app_context(), reading() as session:
        return session.scalar(select(User).where(User.phone == f"+91{phone}"))


def become(app: Flask, phone: str, **facts: str) -> None:
    """The user of this phone, who has logged in before, is now so."""
    with app.app_context(), transaction() as session:
        user = session.scalars(select(User).where(User.phone == f"+91{phone}")).one()
        for name, value in facts.items():
            setattr(user, name, value)


def administrator(app: Flask) -> str:
    """The phone of a new administrator."""
    phone = log_in(app).phone
    become(app, phone, role="admin")
    return phone


def tell(app: Flask, path: str, **body: object) -> TestResponse:
    return service(app, "admin").request("POST", path, json=body)


def at_page(app: Flask, phone: str, otp: str, address: str = "2001:db8::1") -> TestResponse:
    return tell(app, ADMIN_LOG_IN_PATH, phone=phone, otp=otp, client_address=address, device=BROWSER)


def test_an_administrator_logs_in_is_renewed_and_logs_out(app: Flask) -> None:
    phone = administrator(app)
    assert tell(app, ADMIN_CODE_PATH, phone=phone, client_address="2001:db8::1").status_code == 200
    opened = at_page(app, phone, code_of(app, phone)).get_json()
    session = with_token(app, opened["access_token"])
    assert session.get("/auth/sessions")["sessions"][0]["device"] == BROWSER
    renewed = tell(app, ADMIN_REFRESH_PATH, refresh_token=opened["refresh_token"]).get_json()
    again = with_token(app, renewed["access_token"])
    assert (again.caller.session_id, renewed["expires_in"]) == (session.caller.session_id, 900)
    ended = tell(app, ADMIN_LOG_OUT_PATH, user_id=again.caller.user_id, session_id=again.caller.session_id)
    assert ended.status_code == 200
    with pytest.raises(Unauthorized):
        with_token(app, renewed["access_token"])
    assert tell(app, ADMIN_REFRESH_PATH, refresh_token=renewed["refresh_token"]).status_code == 401


def test_who_is_no_administrator_gets_neither_a_session_nor_an_account(app: Flask) -> None:
    nobody, resident = new_phone(), log_in(app).phone
    for phone in (nobody, resident):
        code = sent(app, phone)
        refused = at_page(app, phone, code)
        assert (refused.status_code, refused.get_json()["error"]) == (403, "not_an_administrator")
        assert anonymous(app).post("/verify-otp", {"phone": phone, "otp": code})["access_token"], "it was not spent"
    newcomer = new_phone()
    at_page(app, newcomer, sent(app, newcomer))
    assert user_of(app, newcomer) is None


def test_a_wrong_code_says_nothing_of_who_is_an_administrator(app: Flask) -> None:
    answers = []
    for phone in (administrator(app), new_phone()):
        wrong = at_page(app, phone, another(sent(app, phone)))
        answers.append((wrong.status_code, wrong.get_json()["error"], wrong.get_json()["message"]))
    assert answers[0] == answers[1] == (401, "invalid_otp", "Invalid or expired OTP")


def test_a_suspended_administrator_is_not_let_in(app: Flask) -> None:
    phone = administrator(app)
    become(app, phone, status="suspended")
    refused = at_page(app, phone, sent(app, phone))
    assert (refused.status_code, refused.get_json()["error"]) == (403, "account_suspended")


def test_the_limits_count_the_browsers_address_together_with_the_apis(make_app: MakeApp) -> None:
    app = make_app(OTP_SEND_LIMIT_PER_IP="3 per 15 minutes", LOGIN_LIMIT_PER_IP="3 per 30 minutes")
    address = f"2001:db8::{secrets.token_hex(2)}"
    from_there = {"X-Forwarded-For": address}
    for path, body, public in (
        (ADMIN_CODE_PATH, {}, "send-otp"),
        (ADMIN_LOG_IN_PATH, {"otp": "000000", "device": BROWSER}, "verify-otp"),
    ):
        for _ in range(2):
            assert tell(app, path, phone=new_phone(), client_address=address, **body).status_code != 429
        own = {"phone": new_phone(), "otp": "000000"}
        assert anonymous(app).request("POST", f"/api/v1/{public}", json=own, headers=from_there).status_code != 429
        limited = tell(app, path, phone=new_phone(), client_address=address, **body)
        assert (limited.status_code, limited.get_json()["error"]) == (429, "too_many_requests")
        assert int(limited.headers["Retry-After"]) >= 1
        assert tell(app, path, phone=new_phone(), client_address="2001:db8::ffff:1", **body).status_code != 429


@pytest.mark.parametrize("path", PATHS)
def test_only_the_admin_service_may_ask(app: Flask, path: str) -> None:
    for somebody in (anonymous(app), person(app, "admin"), service(app, "vendor"), service(app, "agent")):
        assert somebody.request("POST", path, json={}).status_code == 401
