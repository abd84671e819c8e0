"""What administrators do through the gateway: obeyed by the next request, finished by the worker, on record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.audit_log import verify_audit
from tests.support.client import Phone
from tests.support.society import Shop, Society, fill_cart
from tests.support.stack import Stack
from tests.support.waiting import until

ADMIN_PHONE = "9000000001"
WHY = {"reason": "Complaints of three residents"}


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Phone:
    phone = Phone(stack.url, ADMIN_PHONE)
    phone.sign_in()
    return phone


def user_id(admin: Phone, person: Phone) -> int:
    return int(admin.get("/admin/users", q=person.phone)["users"][0]["id"])


def ends(admin: Phone, act_id: str) -> list[dict[str, Any]]:
    """The entries of one act but the first, which says that it was asked for."""
    entries: list[dict[str, Any]] = admin.get("/admin/audit", act_id=act_id, steps="all")["entries"]
    assert entries[-1]["step"] == "asked"
    return entries[:-1]


def test_suspended_restored_logged_out_and_given_a_role_by_the_next_request(stack: Stack, admin: Phone) -> None:
    resident = Society(stack.url).resident()
    path = f"/admin/users/{user_id(admin, resident)}"
    assert admin.get(path)["user"]["sessions"]
    done = admin.post(f"{path}/suspend", WHY)
    resident.get("/me", expect=(401, 403))
    assert done["after"] == {"status": "suspended", "live_sessions": 0}
    admin.post(f"{path}/restore", WHY)
    resident.sign_in()
    resident.get("/consumer/wallet")
    admin.post(f"{path}/role", {**WHY, "role": "vendor"})
    resident.get("/consumer/wallet", expect=403)
    admin.post(f"{path}/end-sessions", WHY)
    resident.get("/me", expect=401)
    audit = admin.get(path)["user"]["audit"]
    assert [entry["action"] for entry in audit] == ["end_sessions", "set_role", "restore_user", "suspend_user"]


def test_marks_reviews_and_money_reach_whom_they_concern(stack: Stack, admin: Phone) -> None:
    society = Society(stack.url)
    shop, resident = society.open_shop(Rice=9), society.resident(money=100)
    admin.post(f"/admin/shops/{shop.shop_id}/verify", {"value": True, "reason": "Visited"})
    assert resident.get("/consumer/shops")["shops"][0]["verified"] is True
    vendor_id = user_id(admin, shop.owner)
    admin.post(f"/admin/vendors/{vendor_id}/review", {"decision": "approve", "reason": "Checked"})
    assert shop.owner.get("/me")["data"]["kyc_status"] == "approved"
    given = {"owner": "consumer", "user_id": user_id(admin, resident), "amount": -30.5, "reason": "Counted twice"}
    headers = {"Idempotency-Key": f"adjust-{resident.phone}"}
    assert admin.post("/admin/wallets/adjust", given, headers=headers) == admin.post(
        "/admin/wallets/adjust", given, headers=headers
    )
    assert resident.get("/consumer/wallet")["balance"] == 69.5
    admin.post("/admin/wallets/adjust", {**given, "amount": -70}, expect=400)


def test_one_order_is_seen_from_both_sides(stack: Stack, admin: Phone) -> None:
    society = Society(stack.url)
    shop, resident = society.open_shop(Rice=9), society.resident(money=100)
    order_id = delivered(shop, resident)
    order = admin.get(f"/admin/orders/{order_id}")["order"]
    assert [step["status"] for step in order["timeline"]] == ["pending", "delivered"]
    assert [move["kind"] for move in order["money"]["consumer"]] == ["hold", "capture"]
    assert [(move["kind"], move["amount"]) for move in order["money"]["vendor"]] == [("settle", 10.5)]
    assert (order["consumer"], order["shop_id"], order["events"]) == (f"+91{resident.phone}", shop.shop_id, [])
    assert [found["id"] for found in admin.get("/admin/orders", q=resident.phone)["orders"]] == [order_id]


def delivered(shop: Shop, resident: Phone) -> int:
    fill_cart(resident, shop, Rice=1)
    order_id = int(resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"])
    shop.set_status(order_id, "delivered")
    return order_id


def test_an_act_on_a_service_that_is_away_is_carried_out_by_the_worker_once_it_is_back(
    stack: Stack, admin: Phone
) -> None:
    shop = Society(stack.url).open_shop(Rice=1)
    path = f"/admin/shops/{shop.shop_id}"
    with stack.stopped("vendor"):
        asked = admin.post(f"{path}/feature", {"value": True, "reason": "Festival"}, expect=202)
        assert ends(admin, asked["act_id"]) == []
        again = admin.raw("POST", f"{path}/feature", json={"value": False, "reason": "No"})
        assert (again.status_code, again.json()["error"]) == (503, "act_unfinished")
        assert int(again.headers["Retry-After"]) >= 1
        assert admin.raw("GET", "/admin/shops").status_code == 503
        until(
            lambda: any(
                event["key"] == f"act:{asked['act_id']}"
                for event in admin.get("/admin/events/failing", service="admin", tries=2)["events"]
            ),
            seconds=60,
            what="the act shows among what keeps failing",
        )
    until(lambda: bool(ends(admin, asked["act_id"])), seconds=60, what="the worker carries the act out")
    (end,) = ends(admin, asked["act_id"])
    assert (end["step"], end["after"]) == ("done", {"featured": True})
    assert admin.get(path)["shop"]["featured"] is True


def test_an_administrator_who_dies_in_the_middle_leaves_no_half_of_an_act(stack: Stack, admin: Phone) -> None:
    resident = Society(stack.url).resident(money=10)
    given = {"owner": "consumer", "user_id": user_id(admin, resident), "amount": 5, "reason": "Goodwill"}
    with stack.stopped("consumer"):
        asked = admin.post("/admin/wallets/adjust", given, expect=202)
        stack.kill("admin")
        stack.kill("admin-worker")
    until(lambda: resident.get("/consumer/wallet")["balance"] == 15, seconds=60, what="the money is there")
    until(lambda: bool(ends(admin, asked["act_id"])), seconds=60, what="the end of the act is on record")
    (end,) = ends(admin, asked["act_id"])
    assert (end["before"], end["after"]) == ({"balance": 10}, {"balance": 15})
    assert resident.get("/consumer/wallet")["balance"] == 15


def test_figures_verdict_and_chain_are_right(stack: Stack, admin: Phone) -> None:
    verdict = admin.get("/admin/ledger/verify")
    assert (verdict["is_right"], verdict["off_by"]) == (True, 0)
    today = admin.get("/admin/stats/daily")["days"][0]
    assert today["orders"] >= 1
    assert today["new_users"] >= 1
    sheet = admin.raw("GET", "/admin/stats/daily", headers={"Accept": "text/csv"})
    assert sheet.headers["Content-Type"].startswith("text/csv")
    assert sheet.text.splitlines()[1].startswith(today["day"])
    proof = verify_audit(stack)
    assert (proof.returncode, proof.stdout.startswith("The audit log is whole")) == (0, True), proof.stdout
