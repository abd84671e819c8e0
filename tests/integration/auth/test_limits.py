"""Limits of log-in: a phone and a network address may ask and guess only so often."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.integration.auth.conftest import MakeApp
from tests.support.client import new_phone
from tests.support.signed import anonymous

WIDE = "1000 per hour"


@pytest.fixture(scope="module")
def app(make_app: MakeApp) -> Flask:
    """With the limits of API.md, and quotas in the database that are wider."""
    return make_app(
        OTP_PER_PHONE_HOUR="1000",
        OTP_PER_PHONE_DAY="1000",
        OTP_SEND_LIMIT_PER_PHONE="3 per 15 minutes",
        OTP_SEND_LIMIT_PER_IP="5 per 15 minutes",
        LOGIN_LIMIT_PER_PHONE="10 per 30 minutes",
        LOGIN_LIMIT_PER_IP="10 per 30 minutes",
    )


def asked(app: Flask, path: str, address: str, **body: str) -> TestResponse:
    headers = {"X-Forwarded-For": address}
    return anonymous(app).request("POST", f"/api/v1/{path}", json=body, headers=headers)


def addresses(count: int) -> list[str]:
    """So many towers."""
    return [f"2001:db8::{new_phone()[-4:]}:{number:x}" for number in range(count)]


def refusal(answer: TestResponse) -> str:
    assert answer.status_code == 429
    body = answer.get_json()
    assert (body["status"], body["code"], body["error"]) == ("error", 429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 1800
    assert answer.headers["RateLimit-Remaining"] == "0"
    return str(body["message"])


def test_a_phone_gets_three_codes_in_fifteen_minutes_however_it_is_written(app: Flask) -> None:
    phone = new_phone()
    written = [phone, f"+91{phone}", f"0{phone}", f"{phone[:5]} {phone[5:]}"]
    answers = [asked(app, "send-otp", address, phone=form) for form, address in zip(written, addresses(4), strict=True)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Too many codes for one phone: at most 3 in 15 minutes" in refusal(answers[-1])
    assert asked(app, "send-otp", addresses(1)[0], phone=new_phone()).status_code == 200


def test_a_network_address_gets_five_codes_in_fifteen_minutes(app: Flask) -> None:
    (tower,) = addresses(1)
    statuses = [asked(app, "send-otp", tower, phone=new_phone()).status_code for _ in range(5)]
    assert statuses == [200] * 5
    assert "one network address: at most 5" in refusal(asked(app, "send-otp", tower, phone=new_phone()))
    assert asked(app, "send-otp", addresses(1)[0], phone=new_phone()).status_code == 200


def test_ten_attempts_to_log_in_count_whether_or_not_they_are_right(app: Flask) -> None:
    phone = new_phone()
    statuses = [asked(app, "verify-otp", address, phone=phone, otp="000000").status_code for address in addresses(10)]
    assert statuses == [401] * 10
    assert "log-ins of one phone: at most 10 in 30 minutes" in refusal(
        asked(app, "verify-otp", addresses(1)[0], phone=phone, otp="000000")
    )


def test_a_network_address_has_ten_attempts_to_log_in(app: Flask) -> None:
    (tower,) = addresses(1)
    for _ in range(10):
        assert asked(app, "verify-otp", tower, phone=new_phone(), otp="000000").status_code == 401
    assert "log-ins from one network address" in refusal(
        asked(app, "verify-otp", tower, phone=new_phone(), otp="000000")
    )


def test_the_bound_of_the_database_holds_while_redis_is_away(make_app: MakeApp) -> None:
    app = make_app(RATELIMIT_STORAGE_URL="redis://127.0.0.1:1/0", OTP_PER_PHONE_HOUR="2", OTP_SEND_LIMIT_PER_PHONE=WIDE)
    phone = new_phone()
    statuses = [asked(app, "send-otp", address, phone=phone).status_code for address in addresses(3)]
    assert statuses == [200, 200, 429]
