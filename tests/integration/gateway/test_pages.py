"""The administrators' page through nginx: whose cookies go where, and what a browser sees when a part is away."""

from __future__ import annotations

import jwt
import pytest
import requests

from tests.integration.gateway.envelope import check_headers, check_problem, header_values
from tests.integration.gateway.front_door import FrontDoor, access_token, bearer

COOKIES = "theme=dark; habrio_admin_access={token}; habrio_admin_refresh=r-1; habrio_admin_phone=98765"
BROWSER = {"Origin": "http://shops.example", "Sec-Fetch-Site": "same-origin", "Host": "shops.example"}


def in_browser(token: str = "") -> dict[str, str]:
    return {**BROWSER, "Cookie": COOKIES.format(token=token or access_token())}


def sent(seen: dict[str, list[list[str]]]) -> dict[str, str]:
    return {name.lower(): value for name, value in seen["headers"]}


def check_page(response: requests.Response, status: int) -> None:
    """A page for a person: HTML that runs and loads nothing, with the front door's headers once."""
    assert (response.status_code, response.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert "<h1>" in response.text
    assert response.headers["X-Request-ID"] in response.text
    (policy,) = header_values(response, "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    for name, value in (("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY")):
        assert header_values(response, name) == [value]


@pytest.mark.parametrize("path", ["/admin", "/admin/", "/admin/audit?cursor=7"])
def test_the_page_gets_its_two_cookies_and_what_a_form_is_known_by_but_never_the_access_token(
    door: FrontDoor, path: str
) -> None:
    token = access_token()
    seen = door.get(path, headers=in_browser(token) | bearer()).json()
    assert seen["service"] == "admin"
    headers = sent(seen)
    assert headers["cookie"] == "habrio_admin_refresh=r-1; habrio_admin_phone=98765"
    assert (headers["origin"], headers["sec-fetch-site"]) == (BROWSER["Origin"], BROWSER["Sec-Fetch-Site"])
    assert (headers["x-forwarded-host"], headers["host"]) == ("shops.example", "habrio")
    assert token not in str(seen)
    assert "authorization" not in headers


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/admin/users", "/api/v1/send-otp", "/api/v1/vendor/orders"])
def test_nothing_of_a_page_reaches_the_api(door: FrontDoor, path: str) -> None:
    seen = door.get(path, headers=in_browser() | bearer()).json()
    assert not {"cookie", "origin", "sec-fetch-site", "x-forwarded-host"} & set(sent(seen))


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/admin/users", "/api/v1/admin/ledger/verify"])
def test_no_cookie_signs_anybody_in_at_the_api(door: FrontDoor, path: str) -> None:
    check_problem(door.get(path, headers=in_browser()), 401, "missing_token")


def test_a_cookie_signs_in_at_the_page_and_without_a_good_one_somebody_is_nobody(door: FrontDoor) -> None:
    def user_id(headers: dict[str, str]) -> int:
        token = sent(door.get("/admin/", headers=headers).json())["x-internal-token"]
        return int(jwt.decode(token, options={"verify_signature": False}).get("sub", 0))

    assert user_id(in_browser()) == 7
    door.sessions.put("s1", live=0)
    assert user_id(in_browser()) == 0
    door.sessions.put("s1", active=0)
    assert user_id(in_browser()) == 0
    assert user_id(bearer()) == 0


def test_the_page_is_open_to_no_other_site_and_its_forms_say_where_they_come_from(door: FrontDoor) -> None:
    page = door.get("/admin/", headers=in_browser())
    assert header_values(page, "Access-Control-Allow-Origin") == []
    assert header_values(page, "Referrer-Policy") == ["same-origin"]
    api = door.get("/api/v1/me", headers=bearer() | {"Origin": "https://a.example"})
    assert header_values(api, "Access-Control-Allow-Origin") == ["*"]
    check_headers(lambda name: header_values(api, name))


def test_what_the_front_door_refuses_at_the_page_is_a_page(door: FrontDoor) -> None:
    with door.echoes["admin"].away():
        away = door.get("/admin/", headers=in_browser())
        check_page(away, 503)
        assert header_values(away, "Retry-After") == ["1"]
        check_problem(door.get("/api/v1/admin/users", headers=bearer()), 503, "service_unavailable")
    check_page(door.get("/admin//x", headers=in_browser()), 404)
    check_page(door.get("/admin/a%2fb", headers=in_browser()), 400)
    check_page(door.send("POST", "/admin/log-in", headers=in_browser(), data=b"x" * (1024 * 1024 + 1)), 413)
    with door.verifier_away():
        check_page(door.get("/admin/", headers=in_browser()), 503)


def test_what_the_page_itself_refuses_passes_as_it_is(door: FrontDoor) -> None:
    refused = door.get("/admin/?status=503&header=Content-Security-Policy:default-src", headers=in_browser())
    assert (refused.status_code, refused.json()["service"]) == (503, "admin")
    assert header_values(refused, "Content-Security-Policy") == ["default-src"]
