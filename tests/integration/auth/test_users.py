"""Who somebody is: basic onboarding, /me, their name, and what their role's service says of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, text

from habrio_auth.users.models import User
from habrio_shared.contracts.kyc import VENDOR_REVIEWED
from habrio_shared.contracts.users import CONSUMER_ONBOARDED, VENDOR_ONBOARDED
from habrio_shared.database import reading, transaction
from tests.integration.auth.conftest import IS_SQLITE
from tests.integration.auth.people import log_in, onboarded, signed_in, with_token
from tests.support.signed import Signed, anonymous, service
from tests.support.waiting import until

ANSWERS = {"name": "Asha Rao", "city": "Pune", "society": "Green Park", "role": "consumer"}


def me(who: Signed) -> dict[str, object]:
    data: dict[str, object] = who.get("/me")["data"]
    return data


def test_me_before_onboarding(app: Flask) -> None:
    who = signed_in(app)
    assert me(who) == {
        "id": who.caller.user_id,
        "phone": who.caller.phone,
        "name": "",
        "city": "",
        "society": "",
        "role": None,
        "basic_onboarding_done": False,
        "role_onboarding_done": False,
        "kyc_status": "not_required",
    }
    assert who.get("/profile/me") == who.get("/me")


@pytest.mark.parametrize(("role", "kyc"), [("consumer", "not_required"), ("vendor", "pending")])
def test_basic_onboarding_gives_the_token_s_bearer_a_role_at_once(app: Flask, role: str, kyc: str) -> None:
    tokens = log_in(app)
    who = with_token(app, tokens.access)
    assert who.caller.role == "none"
    assert who.post("/onboarding/basic", {**ANSWERS, "role": role})["message"]
    data = me(who)
    assert {**ANSWERS, "role": role}.items() <= data.items()
    assert (data["basic_onboarding_done"], data["role_onboarding_done"], data["kyc_status"]) == (True, False, kyc)
    caller = with_token(app, tokens.access).caller
    assert (caller.role, caller.name, caller.city, caller.society) == (role, "Asha Rao", "Pune", "Green Park")


def test_a_second_onboarding_leaves_the_first_answers_standing(app: Flask) -> None:
    who = onboarded(app, "consumer")
    before = me(who)
    again = who.post("/onboarding/basic", {"name": "B", "city": "B", "society": "B", "role": "vendor"})
    assert "already" in again["message"]
    assert me(who) == before


@pytest.mark.skipif(IS_SQLITE, reason="SQLite has one writer at a time, and nowhere to see who waits")
def test_of_two_onboardings_at_once_the_first_answers_stand(app: Flask) -> None:
    who = signed_in(app)

    def onboard(number: int) -> tuple[str, int]:
        answers = {"name": f"N{number}", "city": f"C{number}", "society": "S", "role": ("consumer", "vendor")[number]}
        return who.post("/onboarding/basic", answers)["message"], number

    with ThreadPoolExecutor(2) as pool:
        with app.app_context(), transaction() as session:
            session.execute(select(User).where(User.id == who.caller.user_id).with_for_update())
            both = [pool.submit(onboard, number) for number in range(2)]
            until(lambda: waiting(app) == 2, seconds=10, what="both wait for the user's row")
        answers = sorted(answer.result(10) for answer in both)
    assert [message for message, _ in answers] == [
        "Basic onboarding done",
        "Basic onboarding was done already; nothing has changed",
    ]
    first = answers[0][1]
    data = me(who)
    assert (data["name"], data["city"], data["role"]) == (f"N{first}", f"C{first}", ("consumer", "vendor")[first])


def waiting(app: Flask) -> int:
    """How many connections to the app's database wait for a lock."""
    asked = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with app.app_context(), reading() as session:
        return int(session.execute(asked).scalar_one())


@pytest.mark.parametrize("role", ["admin", "", "Consumer", None, 1, "none", ["consumer"]])
def test_nobody_gives_himself_another_role(app: Flask, role: object) -> None:
    who = signed_in(app)
    who.post("/onboarding/basic", {**ANSWERS, "role": role}, expect=400)
    assert me(who)["role"] is None


@pytest.mark.parametrize("field", ["name", "city", "society", "role"])
@pytest.mark.parametrize("wrong", ["absent", "", "   ", None, 7, {}, "x" * 201, "a\x00b", "a\ud800b"])
def test_each_answer_is_demanded_and_bounded(app: Flask, field: str, wrong: object) -> None:
    who = signed_in(app)
    body = {**ANSWERS, field: wrong}
    if wrong == "absent":
        del body[field]
    answer = who.post("/onboarding/basic", body, expect=400)
    assert answer["errors"]
    assert me(who)["basic_onboarding_done"] is False


def test_logging_in_says_how_far_onboarding_has_come(app: Flask) -> None:
    who = onboarded(app, "vendor")
    phone = who.caller.phone
    service(app, "vendor").post(
        f"/internal/messages/{VENDOR_ONBOARDED.kind}", {"user_id": who.caller.user_id}, headers=message_id(phone)
    )
    anonymous(app).post("/send-otp", {"phone": phone})
    otp = anonymous(app).get(f"/test_support/otp/{phone}")["data"]["otp"]
    answer = anonymous(app).post("/verify-otp", {"phone": phone, "otp": otp})
    assert (answer["basic_onboarding_done"], answer["role_onboarding_done"], answer["role"]) == (True, True, "vendor")


def message_id(phone: str) -> dict[str, str]:
    return {"X-Message-Id": f"onboarded:{phone.lstrip('+')}"}


def test_the_onboarding_of_a_role_one_no_longer_has_is_not_noted(app: Flask) -> None:
    who = onboarded(app, "vendor")
    service(app, "consumer").post(
        f"/internal/messages/{CONSUMER_ONBOARDED.kind}",
        {"user_id": who.caller.user_id},
        headers=message_id(who.caller.phone),
    )
    assert me(who)["role_onboarding_done"] is False


def test_only_the_service_of_a_role_may_say_that_its_onboarding_is_done(app: Flask) -> None:
    who = onboarded(app, "vendor")
    for name in ("consumer", "admin", "agent"):
        service(app, name).post(
            f"/internal/messages/{VENDOR_ONBOARDED.kind}",
            {"user_id": who.caller.user_id},
            headers=message_id(who.caller.phone),
            expect=401,
        )
    assert me(who)["role_onboarding_done"] is False


def reviewed(app: Flask, who: Signed, status: str, version: int, *, by: str = "vendor", expect: int = 200) -> None:
    """The vendor service says how the review of this vendor's business stands."""
    body = {"user_id": who.caller.user_id, "kyc_status": status, "version": version}
    headers = {"X-Message-Id": f"vendor_reviewed:{who.caller.user_id}:{version}"}
    service(app, by).post(f"/internal/messages/{VENDOR_REVIEWED.kind}", body, headers=headers, expect=expect)


def test_kyc_status_follows_the_newest_review_in_whatever_order_they_arrive(app: Flask) -> None:
    who = onboarded(app, "vendor")
    for status, version, seen in (
        ("approved", 1, "approved"),
        ("rejected", 3, "rejected"),
        ("approved", 2, "rejected"),
    ):
        reviewed(app, who, status, version)
        assert me(who)["kyc_status"] == seen


def test_a_review_is_the_vendor_services_to_tell_and_concerns_vendors_only(app: Flask) -> None:
    who = onboarded(app, "vendor")
    for name in ("consumer", "admin", "agent"):
        reviewed(app, who, "approved", 1, by=name, expect=401)
    reviewed(app, who, "gone", 1, expect=400)
    reviewed(app, who, "approved", 0, expect=400)
    assert me(who)["kyc_status"] == "pending"
    consumer = onboarded(app, "consumer")
    reviewed(app, consumer, "approved", 1)
    assert me(consumer)["kyc_status"] == "not_required"


def test_the_consumer_service_changes_a_name(app: Flask) -> None:
    who = onboarded(app)
    consumer = service(app, "consumer")
    consumer.post(f"/internal/users/{who.caller.user_id}/name", {"name": "  Asha R. Rao "})
    assert me(who)["name"] == "Asha R. Rao"
    consumer.post(f"/internal/users/{who.caller.user_id}/name", {"name": " "}, expect=400)
    consumer.post("/internal/users/9007199254740991/name", {"name": "Nobody"}, expect=404)


def test_nobody_else_does(app: Flask) -> None:
    who = onboarded(app)
    for other in (who, anonymous(app), service(app, "vendor"), service(app, "admin")):
        other.post(f"/internal/users/{who.caller.user_id}/name", {"name": "Mallory"}, expect=401)
    assert me(who)["name"] == "Asha Rao"
