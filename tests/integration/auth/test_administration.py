"""What an operator does by commands, and the admin service by internal routes: obeyed by the very next request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from habrio_gateway.verify import AccountSuspended, SessionEnded
from habrio_shared.contracts.acts import END_SESSIONS, RESTORE_USER, SET_ROLE, SUSPEND_USER, ActOutcome, Facts
from habrio_shared.contracts.message import Message
from habrio_shared.contracts.users import UserPage
from tests.integration.auth.conftest import MakeApp
from tests.integration.auth.people import log_in, onboarded, signed_in, with_token
from tests.support import acts
from tests.support.client import new_phone
from tests.support.signed import anonymous, service

ACTS: dict[str, Message[Any, ActOutcome]] = {
    "suspend": SUSPEND_USER,
    "restore": RESTORE_USER,
    "role": SET_ROLE,
    "end-sessions": END_SESSIONS,
}


def flask(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


def ask(app: Flask, user_id: int, act: str, **facts: Any) -> Facts:
    """What the act has left, as the admin service hears of it."""
    return acts.done(service(app, "admin"), ACTS[act], user_id=user_id, **facts).after


def by_command(app: Flask, phone: str, _user_id: int, act: str, *more: str) -> None:
    result = flask(app, "set-role" if act == "role" else act, phone, *more)
    assert result.exit_code == 0, result.output


def by_route(app: Flask, _phone: str, user_id: int, act: str, *more: str) -> None:
    ask(app, user_id, act, **({"role": more[0]} if more else {}))


Act = Callable[..., None]
both_ways = pytest.mark.parametrize("act", [by_command, by_route])


def test_create_admin_makes_a_new_user_and_may_be_repeated(app: Flask) -> None:
    phone = new_phone()
    results = [flask(app, "create-admin", f"+91 {phone[:5]}-{phone[5:]}") for _ in range(2)]
    assert [result.output.strip() for result in results] == [
        f"+91{phone} is an administrator",
        f"+91{phone} is an administrator already",
    ]
    tokens = log_in(app, phone)
    who = with_token(app, tokens.access)
    assert who.caller.role == "admin"
    data = who.get("/me")["data"]
    assert (data["role"], data["basic_onboarding_done"], data["role_onboarding_done"]) == ("admin", True, True)
    answers = {"name": "A", "city": "B", "society": "C", "role": "vendor"}
    assert "already" in who.post("/onboarding/basic", answers)["message"]
    assert with_token(app, tokens.access).caller.role == "admin"


def test_create_admin_raises_an_existing_user(app: Flask) -> None:
    tokens = log_in(app)
    flask(app, "create-admin", tokens.phone)
    assert with_token(app, tokens.access).caller.role == "admin"


@pytest.mark.parametrize("command", [["create-admin"], ["suspend"], ["restore"], ["set-role"]])
def test_commands_say_what_is_wrong(app: Flask, command: list[str]) -> None:
    more = ["vendor"] if command == ["set-role"] else []
    garbled = flask(app, *command, "12345", *more)
    assert garbled.exit_code == 2
    assert "must be a phone number" in garbled.output
    if command != ["create-admin"]:
        unknown = flask(app, *command, new_phone(), *more)
        assert unknown.exit_code == 1
        assert "there is no user with the phone" in unknown.output


def test_set_role_knows_the_roles(app: Flask) -> None:
    assert flask(app, "set-role", log_in(app).phone, "king").exit_code == 2


@both_ways
def test_a_new_role_holds_from_the_next_request_on(app: Flask, act: Act) -> None:
    tokens = log_in(app)
    who = with_token(app, tokens.access)
    who.post("/onboarding/basic", {"name": "A", "city": "B", "society": "C", "role": "consumer"})
    act(app, tokens.phone, who.caller.user_id, "role", "vendor")
    assert with_token(app, tokens.access).caller.role == "vendor"
    act(app, tokens.phone, who.caller.user_id, "role", "consumer")
    assert with_token(app, tokens.access).caller.role == "consumer"


def test_a_role_given_before_onboarding_stands_and_the_rest_is_still_asked(app: Flask) -> None:
    tokens = log_in(app)
    who = with_token(app, tokens.access)
    flask(app, "set-role", tokens.phone, "vendor")
    assert who.get("/me")["data"]["basic_onboarding_done"] is False
    who.post("/onboarding/basic", {"name": "A", "city": "B", "society": "C", "role": "consumer"})
    data = who.get("/me")["data"]
    assert (data["role"], data["society"], data["basic_onboarding_done"]) == ("vendor", "C", True)


@both_ways
def test_the_suspended_are_refused_at_once_and_log_in_again_only_when_restored(app: Flask, act: Act) -> None:
    tokens = log_in(app)
    user_id = with_token(app, tokens.access).caller.user_id
    act(app, tokens.phone, user_id, "suspend")
    with pytest.raises((AccountSuspended, SessionEnded)):
        with_token(app, tokens.access)
    anonymous(app).post("/send-otp", {"phone": tokens.phone})
    otp = anonymous(app).get(f"/test_support/otp/{tokens.phone}")["data"]["otp"]
    answer = anonymous(app).post("/verify-otp", {"phone": tokens.phone, "otp": otp}, expect=403)
    assert answer["error"] == "account_suspended"
    act(app, tokens.phone, user_id, "restore")
    with pytest.raises(SessionEnded):
        with_token(app, tokens.access)
    with_token(app, log_in(app, tokens.phone).access)


def test_ending_sessions_ends_all_of_them(app: Flask) -> None:
    first = log_in(app)
    second = log_in(app, first.phone)
    ask(app, with_token(app, first.access).caller.user_id, "end-sessions")
    for tokens in (first, second):
        with pytest.raises(SessionEnded):
            with_token(app, tokens.access)
    log_in(app, first.phone)


def test_each_act_answers_with_the_user_as_they_are_then_and_may_be_repeated(app: Flask) -> None:
    user_id = onboarded(app).caller.user_id
    for _ in range(2):
        assert ask(app, user_id, "suspend") == {"status": "suspended", "live_sessions": 0}
    for _ in range(2):
        assert ask(app, user_id, "restore") == {"status": "active"}
    for _ in range(2):
        assert ask(app, user_id, "role", role="vendor") == {"role": "vendor"}
    assert ask(app, user_id, "end-sessions") == {"live_sessions": 0}
    user = service(app, "admin").get(f"/internal/admin/users/{user_id}")["user"]
    assert (user["status"], user["role"], user["sessions"]) == ("active", "vendor", [])


def test_an_act_that_comes_again_does_not_undo_what_was_done_since(app: Flask) -> None:
    user_id = onboarded(app).caller.user_id
    ask(app, user_id, "suspend", act_id="late-suspension")
    ask(app, user_id, "restore")
    assert ask(app, user_id, "suspend", act_id="late-suspension") == {"status": "suspended", "live_sessions": 0}
    assert service(app, "admin").get(f"/internal/admin/users/{user_id}")["user"]["status"] == "active"


@pytest.mark.parametrize("role", ["king", "admin", None, "", 1])
def test_a_role_has_to_be_one(app: Flask, role: object) -> None:
    user_id = signed_in(app).caller.user_id
    body = acts.body_of(user_id=user_id, role=role)
    assert acts.ask(service(app, "admin"), SET_ROLE, body).status_code == 400


def test_acts_on_nobody_are_404(app: Flask) -> None:
    for act in ACTS.values():
        facts = {"user_id": 9007199254740991, "role": "vendor"}
        assert acts.refused(service(app, "admin"), act, **facts) == (404, "user_not_found")
    service(app, "admin").get("/internal/admin/users/9007199254740991", expect=404)


def test_only_the_admin_service_may(app: Flask) -> None:
    user_id = signed_in(app).caller.user_id
    flask(app, "create-admin", phone := new_phone())
    administrator = with_token(app, log_in(app, phone).access)
    for who in (administrator, anonymous(app), service(app, "consumer"), service(app, "vendor")):
        for act in ACTS.values():
            assert acts.ask(who, act, acts.body_of(user_id=user_id, role="vendor")).status_code == 401
        who.get("/internal/admin/users", expect=401)


def test_users_are_listed_in_pages_newest_first_with_filters(make_app: MakeApp) -> None:
    app = make_app()
    admin = service(app, "admin")
    people = [
        onboarded(app, role, name)
        for role, name in (("consumer", "100% Ravi"), ("vendor", "Mira"), ("consumer", "ravina"))
    ]
    ask(app, people[1].caller.user_id, "suspend")
    ids = [who.caller.user_id for who in people]

    def listed(**query: Any) -> list[int]:
        return [user.id for user in UserPage.model_validate(admin.get("/internal/admin/users", **query)).users]

    assert listed() == ids[::-1]
    assert listed(role="consumer") == [ids[2], ids[0]]
    assert listed(status="suspended") == [ids[1]]
    assert listed(q="RAVI") == [ids[2], ids[0]]
    assert listed(q="%") == [ids[0]]
    assert listed(q=people[1].caller.phone[4:]) == [ids[1]]
    page = admin.get("/internal/admin/users", limit=2)
    assert [user["id"] for user in page["users"]] == ids[:0:-1]
    page = admin.get("/internal/admin/users", limit=2, cursor=page["next_cursor"])
    assert [user["id"] for user in page["users"]] == ids[:1]
    assert page["next_cursor"] is None
    for wrong in ({"role": "king"}, {"status": "?"}, {"limit": 0}, {"cursor": "x"}, {"q": "a\x00b"}):
        admin.get("/internal/admin/users", expect=400, **wrong)
