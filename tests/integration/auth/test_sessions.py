"""Logging out, the list of sessions, and ending one: obeyed by the very next request."""

from __future__ import annotations

import pytest
from flask import Flask

from habrio_gateway.verify import SessionEnded
from tests.integration.auth.people import log_in, with_token
from tests.support.client import new_phone
from tests.support.signed import anonymous


def is_let_in(app: Flask, access_token: str) -> bool:
    try:
        with_token(app, access_token).get("/me")
    except SessionEnded:
        return False
    return True


@pytest.mark.parametrize("body", [None, {}, {"everywhere": False}])
def test_logout_ends_this_session_at_once_and_no_other(app: Flask, body: object) -> None:
    here = log_in(app)
    there = log_in(app, here.phone)
    with_token(app, here.access).post("/logout", body)
    assert not is_let_in(app, here.access)
    assert is_let_in(app, there.access)
    anonymous(app).post("/auth/refresh", {"refresh_token": here.refresh}, expect=401)
    anonymous(app).post("/auth/refresh", {"refresh_token": there.refresh})


def test_logout_everywhere_ends_every_session_of_this_person_only(app: Flask) -> None:
    devices = [log_in(app, phone) for phone in [new_phone()] * 3]
    stranger = log_in(app)
    with_token(app, devices[1].access).post("/logout", {"everywhere": True})
    assert [is_let_in(app, tokens.access) for tokens in devices] == [False] * 3
    assert is_let_in(app, stranger.access)
    again = log_in(app, devices[0].phone)
    assert is_let_in(app, again.access)


@pytest.mark.parametrize("everywhere", [None, "yes", 1, []])
def test_everywhere_is_true_or_false(app: Flask, everywhere: object) -> None:
    tokens = log_in(app)
    with_token(app, tokens.access).post("/logout", {"everywhere": everywhere}, expect=400)
    assert is_let_in(app, tokens.access)


def test_sessions_are_listed_newest_first_with_device_and_current(app: Flask) -> None:
    phone = new_phone()
    older = log_in(app, phone, **{"User-Agent": "Habrio/1.2 (Android 15)"})
    newer = log_in(app, phone, **{"User-Agent": "x" * 500})
    gone = log_in(app, phone)
    with_token(app, gone.access).post("/logout")
    log_in(app)
    answer = with_token(app, older.access).get("/auth/sessions")
    assert [(row["device"], row["current"]) for row in answer["sessions"]] == [
        ("x" * 200, False),
        ("Habrio/1.2 (Android 15)", True),
    ]
    assert all(row["last_seen"].endswith("Z") and row["created_at"].endswith("Z") for row in answer["sessions"])
    assert answer["next_cursor"] is None
    assert is_let_in(app, newer.access)


def test_the_list_comes_in_pages(app: Flask) -> None:
    phone = new_phone()
    tokens = [log_in(app, phone) for _ in range(5)]
    me = with_token(app, tokens[0].access)
    seen: list[int] = []
    cursor: dict[str, int] = {}
    while True:
        answer = me.get("/auth/sessions", limit=2, **cursor)
        assert len(answer["sessions"]) <= 2
        seen += [row["id"] for row in answer["sessions"]]
        if answer["next_cursor"] is None:
            break
        cursor = {"cursor": answer["next_cursor"]}
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)
    me.get("/auth/sessions", limit=0, expect=400)
    me.get("/auth/sessions", limit="many", expect=400)


def test_one_session_can_be_ended_from_another(app: Flask) -> None:
    here = log_in(app)
    there = log_in(app, here.phone)
    me = with_token(app, here.access)
    [other] = [row["id"] for row in me.get("/auth/sessions")["sessions"] if not row["current"]]
    me.post(f"/auth/sessions/{other}/revoke")
    assert not is_let_in(app, there.access)
    assert is_let_in(app, here.access)
    me.post(f"/auth/sessions/{other}/revoke")  # ended already: what was asked for is so


def test_a_refresh_is_seen_in_the_list(app: Flask) -> None:
    tokens = log_in(app)
    before = with_token(app, tokens.access).get("/auth/sessions")["sessions"][0]
    anonymous(app).post("/auth/refresh", {"refresh_token": tokens.refresh})
    after = with_token(app, tokens.access).get("/auth/sessions")["sessions"][0]
    assert after["id"] == before["id"]
    assert after["last_seen"] > before["last_seen"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "9007199254740992", "99999999999999999999"])
def test_what_is_no_session_s_id_is_404(app: Flask, number: str) -> None:
    me = with_token(app, log_in(app).access)
    me.post(f"/auth/sessions/{number}/revoke", expect=404)


def test_somebody_else_s_session_is_404_and_goes_on(app: Flask) -> None:
    theirs, mine = log_in(app), log_in(app)
    their_id = with_token(app, theirs.access).get("/auth/sessions")["sessions"][0]["id"]
    me = with_token(app, mine.access)
    answer = me.post(f"/auth/sessions/{their_id}/revoke", expect=404)
    assert answer["error"] == "session_not_found"
    assert answer == {
        **me.post("/auth/sessions/9007199254740991/revoke", expect=404),
        "request_id": answer["request_id"],
    }
    assert is_let_in(app, theirs.access)


def test_none_of_it_is_open_to_the_anonymous_or_to_another_service(app: Flask) -> None:
    for method, path in (
        ("POST", "/logout"),
        ("GET", "/auth/sessions"),
        ("POST", "/auth/sessions/1/revoke"),
        ("GET", "/me"),
    ):
        assert anonymous(app).request(method, f"/api/v1{path}").status_code == 401
