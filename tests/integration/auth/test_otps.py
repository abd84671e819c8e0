"""Logging in by a one-time password, on a real database: every bound and every race of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from habrio_auth.otps import rules
from habrio_auth.otps.models import Otp, OtpQuota
from habrio_auth.users.models import User
from habrio_shared.database import after, db_now, reading, transaction
from tests.integration.auth.conftest import MakeApp
from tests.integration.auth.people import another, at_once, code_of, log_in, sent
from tests.support.client import new_phone
from tests.support.signed import anonymous


def test_a_code_logs_in_once(app: Flask) -> None:
    phone = new_phone()
    code = sent(app, phone)
    tokens = anonymous(app).post("/verify-otp", {"phone": phone, "otp": code})
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 900
    assert (tokens["basic_onboarding_done"], tokens["role_onboarding_done"], tokens["role"]) == (False, False, None)
    refused = anonymous(app).post("/verify-otp", {"phone": phone, "otp": code}, expect=401)
    assert (refused["message"], refused["error"]) == ("Invalid or expired OTP", "invalid_otp")


@pytest.mark.parametrize("written", ["{0}", "+91{0}", "0{0}", "+91 {0}", "91{0}", "{1} {2}", "{1}-{2}", " {0} "])
def test_every_common_form_of_a_number_is_one_account(app: Flask, written: str) -> None:
    phone = new_phone()
    log_in(app, phone)
    form = written.format(phone, phone[:5], phone[5:])
    anonymous(app).post("/send-otp", {"phone": form})
    tokens = anonymous(app).post("/verify-otp", {"phone": form, "otp": code_of(app, phone)})
    assert tokens["access_token"]
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).where(User.phone == f"+91{phone}")) == 1


@pytest.mark.parametrize(
    "wrong",
    ["", "12345", "abcdefghij", "९८७६५४३२१०", "+1 800 FLOWERS", "0" * 40, "9876543210x", "98765+43210", "\u00a0"],
)
def test_what_is_no_phone_number_is_refused(app: Flask, wrong: str) -> None:
    answer = anonymous(app).post("/send-otp", {"phone": wrong}, expect=400)
    assert answer["errors"][0]["loc"] == ["phone"]


def test_the_answer_tells_nothing_of_whether_the_phone_is_known(app: Flask) -> None:
    known, unknown = log_in(app).phone, new_phone()
    assert anonymous(app).post("/send-otp", {"phone": known}) == anonymous(app).post("/send-otp", {"phone": unknown})
    wrong = [
        anonymous(app).post("/verify-otp", {"phone": phone, "otp": another(code_of(app, sent_to))}, expect=401)
        for phone, sent_to in ((known, known), (unknown, unknown), (new_phone(), known))
    ]
    assert {(answer["message"], answer["error"]) for answer in wrong} == {("Invalid or expired OTP", "invalid_otp")}


def test_a_code_of_one_phone_is_none_of_another(app: Flask) -> None:
    phone, other = new_phone(), new_phone()
    code, others = sent(app, phone), sent(app, other)
    if code != others:
        anonymous(app).post("/verify-otp", {"phone": other, "otp": code}, expect=401)
    anonymous(app).post("/verify-otp", {"phone": other, "otp": others})


def test_a_newer_code_replaces_the_older(app: Flask) -> None:
    phone = new_phone()
    older = sent(app, phone)
    newer = sent(app, phone)
    if older != newer:
        anonymous(app).post("/verify-otp", {"phone": phone, "otp": older}, expect=401)
    anonymous(app).post("/verify-otp", {"phone": phone, "otp": newer})


def test_five_wrong_tries_spend_a_code_and_a_new_one_has_five_again(app: Flask) -> None:
    phone = new_phone()
    code = sent(app, phone)
    for _ in range(5):
        anonymous(app).post("/verify-otp", {"phone": phone, "otp": another(code)}, expect=401)
    anonymous(app).post("/verify-otp", {"phone": phone, "otp": code}, expect=401)
    code = sent(app, phone)
    for _ in range(4):
        anonymous(app).post("/verify-otp", {"phone": phone, "otp": another(code)}, expect=401)
    anonymous(app).post("/verify-otp", {"phone": phone, "otp": code})


def test_a_code_is_good_for_ten_minutes(app: Flask) -> None:
    phone = new_phone()
    code = sent(app, phone)
    with app.app_context(), transaction() as session:
        otp, now = session.execute(select(Otp, db_now()).where(Otp.phone == f"+91{phone}")).one()
        assert 590 < (otp.expires_at - now).total_seconds() <= 600
        session.execute(update(Otp).where(Otp.phone == f"+91{phone}").values(expires_at=after(-1)))
    anonymous(app).post("/verify-otp", {"phone": phone, "otp": code}, expect=401)


def test_of_two_hundred_guesses_at_once_five_are_compared(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = new_phone()
    code = sent(app, phone)
    compared: list[str] = []
    compare: Callable[[str, str], bool] = rules.is_match

    def counting(stored: str, given: str) -> bool:
        compared.append(given)
        return compare(stored, given)

    monkeypatch.setattr(rules, "is_match", counting)

    def guess(_number: int) -> int:
        path = "/api/v1/verify-otp"
        return anonymous(app).request("POST", path, json={"phone": phone, "otp": another(code)}).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(guess, range(200)))
    assert set(statuses) == {401}
    assert len(compared) == 5


def test_a_try_is_counted_before_it_is_compared(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = new_phone()
    code = sent(app, phone)
    counted: list[int] = []

    def looking(_stored: str, _given: str) -> bool:
        with reading() as session:
            counted.append(session.execute(select(Otp.tries).where(Otp.phone == f"+91{phone}")).scalar_one())
        return False

    monkeypatch.setattr(rules, "is_match", looking)
    anonymous(app).post("/verify-otp", {"phone": phone, "otp": code}, expect=401)
    assert counted == [1]


def test_one_code_given_four_times_at_once_opens_one_session(app: Flask) -> None:
    phone = new_phone()
    assert at_once(4, app, "/verify-otp", {"phone": phone, "otp": sent(app, phone)}) == [200, 401, 401, 401]


def test_codes_are_bounded_per_hour_and_per_day(make_app: MakeApp) -> None:
    app = make_app(OTP_PER_PHONE_HOUR="3", OTP_PER_PHONE_DAY="6")
    phone = new_phone()
    for _ in range(3):
        sent(app, phone)
    newest = code_of(app, phone)
    response = anonymous(app).request("POST", "/api/v1/send-otp", json={"phone": phone})
    assert (response.status_code, response.get_json()["error"]) == (429, "too_many_otps")
    assert "at most 3 in one hour" in response.get_json()["message"]
    assert 3500 < int(response.headers["Retry-After"]) <= 3601
    assert (response.headers["RateLimit-Limit"], response.headers["RateLimit-Remaining"]) == ("3", "0")
    assert code_of(app, phone) == newest
    with app.app_context(), transaction() as session:
        session.execute(update(OtpQuota).values(hour_started_at=after(-3601)))
    for _ in range(2):
        sent(app, phone)
    response = anonymous(app).request("POST", "/api/v1/send-otp", json={"phone": phone})
    assert response.status_code == 429
    assert "at most 6 in one day" in response.get_json()["message"]
    assert int(response.headers["Retry-After"]) > 80_000
    sent(app, new_phone())
    with app.app_context(), transaction() as session:
        session.execute(update(OtpQuota).values(hour_started_at=after(-90_000), day_started_at=after(-90_000)))
    sent(app, phone)


def test_the_bound_holds_for_codes_asked_for_at_once(make_app: MakeApp) -> None:
    app = make_app(OTP_PER_PHONE_HOUR="3")
    assert at_once(10, app, "/send-otp", {"phone": new_phone()}) == [200] * 3 + [429] * 7


def test_the_code_is_not_in_the_service_s_tables_in_clear(app: Flask) -> None:
    phone = new_phone()
    code = sent(app, phone)
    with app.app_context(), reading() as session:
        row = session.execute(text("SELECT * FROM otps WHERE phone = :p"), {"p": f"+91{phone}"}).one()
    assert code not in str(row)
    assert len(row.code_hash) == 64


@pytest.mark.parametrize("otp", ["", "12345", "1234567", "abcdef", "１２３４５６", 123456, None, True, ["123456"]])
def test_a_code_is_six_digits(app: Flask, otp: object) -> None:
    anonymous(app).post("/verify-otp", {"phone": new_phone(), "otp": otp}, expect=400)


@pytest.mark.parametrize("prefix", ["/api/v1", ""])
def test_support_routes_are_at_both_places(app: Flask, prefix: str) -> None:
    phone = new_phone()
    code = sent(app, phone)
    answers = [
        anonymous(app).request("GET", f"{prefix}/test_support/{rest}")
        for rest in (f"otp/{phone}", "ok", "boom", "otp/x")
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 500, 404]
    assert answers[0].get_json() == {"status": "success", "data": {"otp": code}}
    assert answers[1].get_json()["data"] == {"ping": "pong"}
    assert (answers[2].get_json()["status"], answers[2].get_json()["error"]) == ("error", "internal_error")


def test_staging_has_neither_support_routes_nor_codes_in_clear(make_app: MakeApp) -> None:
    app = make_app(
        APP_ENV="staging", NOTIFY_URL="none", JWT_SECRET="j" * 40, INTERNAL_SECRET="i" * 40, OTP_PEPPER="p" * 40
    )
    phone = new_phone()
    anonymous(app).post("/send-otp", {"phone": phone})
    for path in (f"/test_support/otp/{phone}", "/test_support/ok", "/test_support/boom"):
        for prefix in ("/api/v1", ""):
            assert anonymous(app).request("GET", prefix + path).status_code == 404
    with app.app_context(), pytest.raises(Exception, match="test_support_otps"), reading() as session:
        session.execute(text("SELECT 1 FROM test_support_otps"))
