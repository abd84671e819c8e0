"""Into the administrators' page, and out of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from habrio_auth.sessions.models import UserSession
from habrio_shared.contracts.sessions import REFRESH_COOKIE
from habrio_shared.database import reading
from tests.integration.admin.browser import NOBODY, Browser
from tests.integration.admin.town import Town
from tests.support.signed import anonymous


def code(town: Town, phone: str) -> str:
    return str(anonymous(town.apps["auth"]).get(f"/test_support/otp/{phone}")["data"]["otp"])


def test_logging_in_takes_a_code_and_leaves_cookies_that_only_this_page_gets(town: Town) -> None:
    visitor, phone = Browser(town), town.admin.caller.phone
    assert visitor.post("/admin/log-in/code", phone=phone).headers["Location"] == "/admin/log-in"
    assert "six digits that were sent to" in visitor.get("/admin/log-in")
    entered = visitor.post("/admin/log-in", otp=code(town, phone))
    assert entered.headers["Location"] == "/admin/"
    given = [line for line in entered.headers.getlist("Set-Cookie") if "Max-Age=0" not in line]
    assert [line.partition("=")[0] for line in given] == ["habrio_admin_access", "habrio_admin_refresh"]
    for line in given:
        assert {"HttpOnly", "SameSite=Strict", "Path=/admin"} <= set(line.split("; ")), line
        assert "Secure" not in line.split("; "), "http://127.0.0.1 has to work in development and testing"
    assert "Max-Age=900" in given[0]
    session = town.admin.get(f"/admin/users/{town.admin.caller.user_id}")["user"]["sessions"][0]
    assert session["device"] == "Firefox"


def test_wrong_codes_and_wrong_people_are_told_so_in_the_form(town: Town) -> None:
    visitor = Browser(town)
    assert "phone" in visitor.text(visitor.post("/admin/log-in/code", 400, phone="none"), 400).lower()
    assert "no longer good" in visitor.text(visitor.post("/admin/log-in", 400, otp="123456"), 400)
    visitor.post("/admin/log-in/code", phone=town.admin.caller.phone)
    wrong = f"{(int(code(town, town.admin.caller.phone)) + 1) % 10**6:06d}"
    assert "Invalid or expired OTP" in visitor.text(visitor.post("/admin/log-in", 401, otp=wrong), 401)
    resident = town.resident().caller.phone
    visitor.post("/admin/log-in/code", phone=resident)
    refused = visitor.text(visitor.post("/admin/log-in", 403, otp=code(town, resident)), 403)
    assert "not an administrator" in refused
    assert "habrio_admin_access" not in visitor.cookies
    town.neighbours["auth"].is_away = True
    assert "not available" in visitor.text(visitor.post("/admin/log-in/code", 503, phone=resident), 503)


def test_in_production_the_cookies_are_for_https_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    app = town.apps["admin"]
    strict = app.extensions["habrio_settings"].model_copy(update={"app_env": "production"})
    monkeypatch.setitem(app.extensions, "habrio_settings", strict)
    visitor, phone = Browser(town), town.admin.caller.phone
    visitor.post("/admin/log-in/code", phone=phone)
    entered = visitor.post("/admin/log-in", otp=code(town, phone))
    assert all("Secure" in line.split("; ") for line in entered.headers.getlist("Set-Cookie"))


def test_an_access_token_that_is_over_is_renewed_on_the_way_and_a_form_is_not_lost(town: Town) -> None:
    visitor, phone = Browser(town), town.admin.caller.phone
    visitor.post("/admin/log-in/code", phone=phone)
    visitor.post("/admin/log-in", otp=code(town, phone))
    spent = visitor.cookies[REFRESH_COOKIE]
    renewed = visitor.post("/admin/documents/7/review?x=1", 307, decision="approve", reason="Fine", form="w")
    assert renewed.headers["Location"] == "/admin/documents/7/review?x=1"
    assert visitor.cookies[REFRESH_COOKIE] != spent
    visitor.cookies[REFRESH_COOKIE] = spent
    over = visitor.post("/admin/documents/7/review", 401, decision="approve", reason="Fine", form="w")
    assert "so nothing was done" in visitor.text(over, 401)
    assert visitor.cookies[REFRESH_COOKIE] == ""


def test_a_suspended_administrator_is_told_so_and_out(town: Town) -> None:
    other = town.new_caller("admin")
    visitor = Browser(town)
    visitor.post("/admin/log-in/code", phone=other.phone)
    visitor.post("/admin/log-in", otp=code(town, other.phone))
    town.admin.post(f"/admin/users/{other.user_id}/suspend", {"reason": "Left"})
    assert "suspended" in visitor.get(expect=403)


def test_logging_out_ends_the_session_in_auth_and_in_the_browser(town: Town) -> None:
    visitor, phone = Browser(town), town.admin.caller.phone
    visitor.post("/admin/log-in/code", phone=phone)
    visitor.post("/admin/log-in", otp=code(town, phone))
    kept = visitor.cookies[REFRESH_COOKIE]
    (session_id,) = sessions_of(town, town.admin.caller.user_id)
    visitor.caller = replace(town.admin.caller, session_id=session_id)
    assert visitor.send("/admin/log-out").headers["Location"] == "/admin/log-in"
    assert (visitor.cookies["habrio_admin_access"], visitor.cookies[REFRESH_COOKIE]) == ("", "")
    visitor.caller, visitor.cookies[REFRESH_COOKIE] = NOBODY, kept
    assert "Your session is over" in visitor.get(expect=401)


def sessions_of(town: Town, user_id: int) -> list[str]:
    with town.apps["auth"].app_context(), reading() as session:
        live = select(UserSession.sid).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
        return list(session.scalars(live))
