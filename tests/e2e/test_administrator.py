"""The administrator, who is made at start and never through the API."""

from __future__ import annotations

import pytest

from tests.support.client import Phone
from tests.support.society import Society
from tests.support.stack import Stack

ADMIN_PHONE = "9000000001"


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Phone:
    phone = Phone(stack.url, ADMIN_PHONE)
    assert phone.sign_in()["role"] == "admin"
    return phone


def test_the_newest_users_come_first_a_page_at_a_time(stack: Stack, admin: Phone) -> None:
    society = Society(stack.url)
    phones = [f"+91{society.resident().phone}" for _ in range(3)]
    first = admin.get("/admin/users", limit=2)
    second = admin.get("/admin/users", limit=2, cursor=first["next_cursor"])
    assert [user["phone"] for user in first["users"] + second["users"]][:3] == phones[::-1]
    assert first["users"][0].items() >= {"role": "consumer", "status": "active", "name": "Ravi Kulkarni"}.items()


def test_users_are_found_by_role_and_by_part_of_their_phone(stack: Stack, admin: Phone) -> None:
    resident = Society(stack.url).resident()
    found = admin.get("/admin/users", role="consumer", q=resident.phone[2:])["users"]
    assert [user["phone"] for user in found] == [f"+91{resident.phone}"]
    assert admin.get("/admin/users", role="vendor", q=resident.phone[2:])["users"] == []
    assert admin.get("/admin/users", q="%")["users"] == []


@pytest.mark.parametrize("query", ["role=king", "status=gone", "limit=0", "limit=x", "cursor=-1", "q=%00"])
def test_a_filter_that_means_nothing_is_a_400(admin: Phone, query: str) -> None:
    assert admin.raw("GET", f"/admin/users?{query}").status_code == 400


def test_nobody_else_sees_users_and_the_administrator_sees_no_shopping(stack: Stack, admin: Phone) -> None:
    society = Society(stack.url)
    society.resident().get("/admin/users", expect=403)
    society.open_shop(Rice=1).owner.get("/admin/users", expect=403)
    Phone(stack.url).get("/admin/users", expect=401)
    for path in ("/consumer/wallet", "/vendor/wallet", "/consumer/shops"):
        admin.get(path, expect=403)


def test_nobody_becomes_an_administrator_by_asking(stack: Stack) -> None:
    phone = Phone(stack.url)
    phone.sign_in()
    everything = {"name": "Eve", "city": "Pune", "society": "Green Park", "role": "admin"}
    phone.post("/onboarding/basic", everything, expect=400)
    assert phone.get("/me")["data"]["role"] is None
    phone.get("/admin/users", expect=403)


def test_users_cannot_be_listed_while_auth_is_away(stack: Stack, admin: Phone) -> None:
    with stack.stopped("auth"):
        answer = admin.raw("GET", "/admin/users")
        assert (answer.status_code, answer.json()["error"]) == (503, "service_unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
