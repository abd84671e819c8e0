"""What administrators do: done by the owner once, obeyed at once, and never without its entry in the audit log."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from tests.integration.admin.town import Town

WHY = {"reason": "Complaints of three residents"}


def test_a_suspension_says_what_it_changed_and_stands_in_the_log(town: Town) -> None:
    resident = town.resident().caller
    path = f"/admin/users/{resident.user_id}"
    headers = {"X-Request-ID": "suspend-1"}
    done = town.admin.post(f"{path}/suspend", WHY, headers=headers)
    assert done["message"] == "The user has been suspended"
    assert (done["before"]["status"], done["after"]["status"]) == ("active", "suspended")
    user = town.admin.get(path)["user"]
    assert (user["status"], user["phone"], user["customer"]["orders"]) == ("suspended", resident.phone, 0)
    (entry,) = town.entries(target=f"user:{resident.user_id}")
    assert entry["at"].endswith("Z")
    assert (
        entry.items()
        >= {
            "act_id": done["act_id"],
            "step": "done",
            "admin_id": town.admin.caller.user_id,
            "admin_phone": town.admin.caller.phone,
            "action": "suspend_user",
            "given": {"user_id": resident.user_id},
            "reason": WHY["reason"],
            "before": done["before"],
            "after": done["after"],
            "refusal": None,
            "request_id": "suspend-1",
        }.items()
    )
    steps = [step["step"] for step in town.entries(act_id=done["act_id"], steps="all")]
    assert steps == ["done", "asked"]
    assert user["audit"] == [entry]
    assert town.proof().startswith("The audit log is whole")


def test_users_are_restored_given_a_role_and_logged_out(town: Town) -> None:
    user_id = town.new_caller("consumer").user_id
    path = f"/admin/users/{user_id}"
    town.admin.post(f"{path}/suspend", WHY)
    assert town.admin.post(f"{path}/restore", WHY)["after"] == {"status": "active"}
    changed = town.admin.post(f"{path}/role", {**WHY, "role": "vendor"})
    assert (changed["before"], changed["after"]) == ({"role": "consumer"}, {"role": "vendor"})
    assert town.admin.post(f"{path}/end-sessions", WHY)["after"] == {"live_sessions": 0}
    actions = [entry["action"] for entry in town.entries(target=f"user:{user_id}")]
    assert actions == ["end_sessions", "set_role", "restore_user", "suspend_user"]
    assert town.admin.get(path)["user"]["role"] == "vendor"


def test_nobody_is_made_an_administrator(town: Town) -> None:
    user_id = town.new_caller("consumer").user_id
    town.admin.post(f"/admin/users/{user_id}/role", {**WHY, "role": "admin"}, expect=400)
    assert town.entries(target=f"user:{user_id}") == []


def test_vendors_and_documents_are_reviewed_off_the_queue(town: Town) -> None:
    shop = town.shopkeeper()
    paper = {"document_type": "pan_card", "file_url": "https://files.example.com/pan.pdf"}
    document_id = shop.post("/vendor/upload-document", paper)["document_id"]
    queue = town.admin.get("/admin/reviews", vendor_id=shop.caller.user_id)
    assert [document["id"] for document in queue["documents"]] == [document_id]
    assert queue["vendors"][0].items() >= {"vendor_id": shop.caller.user_id, "kyc_status": "pending"}.items()
    decision = {"decision": "approve", "reason": "Checked against the register"}
    reviewed = town.admin.post(f"/admin/vendors/{shop.caller.user_id}/review", decision)
    assert reviewed["before"] == {"kyc_status": "pending", "kyc_reason": ""}
    assert reviewed["after"] == {"kyc_status": "approved", "kyc_reason": decision["reason"]}
    rejected = {"decision": "reject", "reason": "The photo is blurred"}
    assert town.admin.post(f"/admin/documents/{document_id}/review", rejected)["after"]["status"] == "rejected"
    left = town.admin.get("/admin/reviews", vendor_id=shop.caller.user_id)
    assert left["documents"] == []
    assert shop.caller.user_id not in [vendor["vendor_id"] for vendor in left["vendors"]]
    town.relay("vendor")
    assert town.admin.get(f"/admin/users/{shop.caller.user_id}")["user"]["kyc_status"] == "approved"


def test_shops_are_verified_and_featured(town: Town) -> None:
    shop = town.shopkeeper()
    path = f"/admin/shops/{shop.shop_id}"
    for act, mark in (("verify", "verified"), ("feature", "featured")):
        done = town.admin.post(f"{path}/{act}", {"value": True, "reason": "Visited"})
        assert (done["before"], done["after"]) == ({mark: False}, {mark: True})
    shown = town.admin.get(path)["shop"]
    assert (shown["verified"], shown["featured"], shown["vendor"]) == (True, True, shop.business)
    assert [event["event"] for event in shown["log"]] == ["featured", "verified", "opened"]
    assert [entry["action"] for entry in shown["audit"]] == ["feature_shop", "verify_shop"]


def test_an_issue_is_resolved_once(town: Town) -> None:
    resident, shop = town.resident(), town.shopkeeper()
    order_id = town.order(resident, shop, "cash")
    shop.post(f"/vendor/orders/{order_id}/status", {"status": "delivered"})
    issue = {"issue_type": "damaged", "description": "The bag was torn"}
    issue_id = resident.post(f"/consumer/orders/{order_id}/issue", issue)["issue_id"]
    (listed,) = town.admin.get("/admin/issues", order_id=order_id)["issues"]
    assert (listed["id"], listed["status"]) == (issue_id, "raised")
    done = town.admin.post(f"/admin/issues/{issue_id}/resolve", {"answer": "Refunded by us"})
    assert done["after"] == {"status": "resolved", "answer": "Refunded by us"}
    town.relay("vendor")
    assert resident.get(f"/consumer/orders/{order_id}")["order"]["issues"][0]["answer"] == "Refunded by us"
    again = town.admin.post(f"/admin/issues/{issue_id}/resolve", {"answer": "Once more"}, expect=400)
    assert again["error"] == "already_resolved"
    newest, first = town.entries(target=f"issue:{issue_id}")
    assert (newest["step"], newest["refusal"]["word"], newest["after"]) == ("refused", "already_resolved", None)
    assert (first["step"], first["reason"]) == ("done", "Refunded by us")


def adjust(town: Town, owner: str, user_id: int, amount: object, *, expect: int = 200, key: str = "") -> dict[str, Any]:
    body = {"owner": owner, "user_id": user_id, "amount": amount, "reason": "Goodwill"}
    headers = {"Idempotency-Key": key} if key else None
    return town.admin.post("/admin/wallets/adjust", body, expect=expect, headers=headers)


def test_wallets_are_adjusted_in_rupees_and_never_below_nothing(town: Town) -> None:
    resident, shop = town.resident(100), town.shopkeeper()
    done = adjust(town, "consumer", resident.caller.user_id, -99.5)
    assert (done["before"], done["after"]) == ({"balance": 100}, {"balance": 0.5})
    assert resident.get("/consumer/wallet")["balance"] == 0.5
    assert resident.get("/consumer/wallet/history")["transactions"][0]["reference"] == "Goodwill"
    assert adjust(town, "consumer", resident.caller.user_id, -1, expect=400)["error"] == "insufficient_balance"
    assert adjust(town, "vendor", shop.caller.user_id, 250)["after"] == {"balance": 250}
    assert shop.get("/vendor/wallet")["balance"] == 250
    (entry,) = town.entries(target=f"wallet:vendor:{shop.caller.user_id}")
    assert entry["given"] == {"user_id": shop.caller.user_id, "amount": 250}


def test_money_of_somebody_who_was_given_another_role_is_still_within_reach(town: Town) -> None:
    resident, shop = town.resident(100), town.shopkeeper()
    adjust(town, "vendor", shop.caller.user_id, 5)
    for person, role in ((resident, "vendor"), (shop, "consumer")):
        path = f"/admin/users/{person.caller.user_id}/role"
        town.admin.post(path, {"role": role, "reason": "Moved to the other side"})
    assert adjust(town, "consumer", resident.caller.user_id, -40)["after"] == {"balance": 60}
    assert adjust(town, "vendor", shop.caller.user_id, -5)["after"] == {"balance": 0}


def test_a_wallet_is_of_a_user_who_owns_such_a_one(town: Town) -> None:
    resident, shop = town.resident(), town.shopkeeper()
    assert adjust(town, "consumer", shop.caller.user_id, 5, expect=404)["error"] == "wallet_not_found"
    assert adjust(town, "vendor", resident.caller.user_id, 5, expect=404)["error"] == "wallet_not_found"
    assert adjust(town, "vendor", 2**53 - 1, 5, expect=404)["error"] == "user_not_found"
    newcomer = town.new_caller("vendor")
    assert adjust(town, "vendor", newcomer.user_id, 5, expect=404)["error"] == "profile_not_found"


def test_the_same_key_adjusts_once_and_another_body_is_a_conflict(town: Town) -> None:
    resident, key = town.resident(), secrets.token_hex(8)
    first = adjust(town, "consumer", resident.caller.user_id, 10, key=key)
    assert adjust(town, "consumer", resident.caller.user_id, 10, key=key) == first
    adjust(town, "consumer", resident.caller.user_id, 11, key=key, expect=409)
    assert resident.get("/consumer/wallet")["balance"] == 10
    assert len(town.entries(target=f"wallet:consumer:{resident.caller.user_id}")) == 1


def test_what_was_refused_may_be_asked_for_again_with_the_same_key(town: Town) -> None:
    resident, key = town.resident(), secrets.token_hex(8)
    adjust(town, "consumer", resident.caller.user_id, -5, key=key, expect=400)
    resident.post("/consumer/wallet/load", {"amount": 5})
    assert adjust(town, "consumer", resident.caller.user_id, -5, key=key)["after"] == {"balance": 0}


def active_admins(town: Town) -> list[dict[str, Any]]:
    """A page of them."""
    return list(town.admin.get("/admin/users", role="admin", status="active")["users"])


@pytest.mark.parametrize("act", ["suspend", "role"])
def test_the_last_active_administrator_stays(town: Town, act: str) -> None:
    me = town.admin.caller.user_id
    while others := [user["id"] for user in active_admins(town) if user["id"] != me]:
        for other in others:
            town.admin.post(f"/admin/users/{other}/suspend", WHY)
    body = {**WHY, "role": "consumer"}
    assert town.admin.post(f"/admin/users/{me}/{act}", body, expect=400)["error"] == "last_administrator"
    assert town.admin.get(f"/admin/users/{me}")["user"]["status"] == "active"
    other = town.new_caller("admin").user_id
    town.admin.post(f"/admin/users/{me}/{act}", body)
    assert town.admin.post(f"/admin/users/{other}/suspend", WHY, expect=400)["error"] == "last_administrator"


UNKNOWN = 2**53 - 1
NOBODYS = {
    f"users/{UNKNOWN}/suspend": WHY,
    f"users/{UNKNOWN}/restore": WHY,
    f"users/{UNKNOWN}/end-sessions": WHY,
    f"users/{UNKNOWN}/role": {**WHY, "role": "vendor"},
    f"vendors/{UNKNOWN}/review": {"decision": "approve", **WHY},
    f"documents/{UNKNOWN}/review": {"decision": "approve", **WHY},
    f"shops/{UNKNOWN}/verify": {"value": True, **WHY},
    f"shops/{UNKNOWN}/feature": {"value": True, **WHY},
    f"issues/{UNKNOWN}/resolve": {"answer": "Sorry"},
    f"events/vendor/{UNKNOWN}/replay": {},
    f"events/consumer/{UNKNOWN}/replay": {},
}


@pytest.mark.parametrize("path", NOBODYS)
def test_what_is_not_there_is_404_and_that_somebody_tried_is_on_record(town: Town, path: str) -> None:
    refused = town.admin.post(f"/admin/{path}", NOBODYS[path], expect=404)
    newest = town.entries(limit=1)[0]
    assert (newest["step"], newest["refusal"]["word"]) == ("refused", refused["error"])


def test_events_of_no_such_service_are_404(town: Town) -> None:
    for service in ("auth", "agent", "x", "admin"):
        town.admin.post(f"/admin/events/{service}/{UNKNOWN}/replay", expect=404)
