"""What an administrator sees: lists newest first, everything about one, and nothing of a service that is away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.admin.town import Town
from tests.support.signed import Signed, person


def ids(page: dict[str, Any], name: str) -> list[int]:
    return [row["id"] for row in page[name]]


def test_orders_are_listed_with_shop_and_consumer_and_found_by_either(town: Town) -> None:
    resident, shop = town.resident(100), town.shopkeeper()
    first, second = town.order(resident, shop, "cash"), town.order(resident, shop)
    mine = {"shop_id": shop.shop_id}
    page = town.admin.get("/admin/orders", limit=1, **mine)
    (order,) = page["orders"]
    assert order.pop("created_at").endswith("Z")
    assert order == {
        "id": second,
        "status": "pending",
        "payment_mode": "wallet",
        "payment_status": "paid",
        "total_amount": 21,
        "final_amount": 21,
        "shop": "Asha General Store",
        "shop_id": shop.shop_id,
        "consumer": resident.caller.phone,
        "consumer_id": resident.caller.user_id,
        "consumer_name": resident.caller.name,
    }
    assert ids(town.admin.get("/admin/orders", cursor=page["next_cursor"], **mine), "orders") == [first]
    for query in ({"q": resident.caller.phone[3:]}, {"user_id": resident.caller.user_id}, {"q": "asha gen", **mine}):
        assert ids(town.admin.get("/admin/orders", **query), "orders") == [second, first]
    assert first in ids(town.admin.get("/admin/orders", q=str(first), **mine), "orders")
    assert ids(town.admin.get("/admin/orders", q="no such shop", **mine), "orders") == []
    shop.post(f"/vendor/orders/{first}/status", {"status": "delivered"})
    assert ids(town.admin.get("/admin/orders", status="delivered", **mine), "orders") == [first]
    assert ids(town.admin.get("/admin/orders", since="2026-01-01", until="2999-01-01", **mine), "orders") == [
        second,
        first,
    ]
    assert ids(town.admin.get("/admin/orders", until="2020-01-01", **mine), "orders") == []


def test_one_order_has_both_ledgers_the_conversation_and_what_is_in_flight(town: Town) -> None:
    resident, shop = town.resident(100), town.shopkeeper()
    order_id = town.order(resident, shop)
    resident.post(f"/consumer/orders/{order_id}/message", {"message": "Please ring twice"})
    shop.post(f"/vendor/orders/{order_id}/status", {"status": "delivered"})
    order = town.admin.get(f"/admin/orders/{order_id}")["order"]
    assert [(step["status"], step["by"]) for step in order["timeline"]] == [
        ("pending", "consumer"),
        ("delivered", "vendor"),
    ]
    moved = {side: [(move["entry_id"], move["amount"]) for move in order["money"][side]] for side in order["money"]}
    assert moved == {
        "consumer": [(f"hold:{order_id}", 21), (f"capture:{order_id}", 21)],
        "vendor": [(f"settle:{order_id}", 21)],
    }
    assert [(said["author"], said["text"]) for said in order["messages"]] == [("consumer", "Please ring twice")]
    assert (order["events"], order["vendor_side"]["status"], order["items"][0]["quantity"]) == ([], "delivered", 2)
    town.wire.is_cut = True
    resident.post(f"/consumer/orders/{order_id}/message", {"message": "Thanks"})
    shop.post(f"/vendor/orders/{order_id}/message", {"message": "Welcome"})
    events = town.admin.get(f"/admin/orders/{order_id}")["order"]["events"]
    assert [(event["service"], event["kind"], event["attempts"]) for event in events] == [
        ("consumer", "chat.said_by_consumer", 1),
        ("vendor", "chat.said_by_vendor", 1),
    ]
    town.admin.get(f"/admin/orders/{2**53 - 1}", expect=404)


def test_one_user_is_shown_with_what_their_role_has(town: Town) -> None:
    resident, shop = town.resident(100), town.shopkeeper()
    order_id = town.order(resident, shop)
    user = town.admin.get(f"/admin/users/{resident.caller.user_id}")["user"]
    assert (user["customer"], user["business"]) == ({"flat_number": "", "balance": 79, "orders": 1}, None)
    assert [(order["id"], order["consumer"]) for order in user["orders"]] == [(order_id, resident.caller.phone)]
    vendor = town.admin.get(f"/admin/users/{shop.caller.user_id}")["user"]
    assert vendor["business"].items() >= {"business_name": shop.business, "shop_id": shop.shop_id, "balance": 0}.items()
    assert (vendor["customer"], vendor["orders"]) == (None, [])
    nobody = town.admin.get(f"/admin/users/{town.new_caller(None).user_id}")["user"]
    assert (nobody["role"], nobody["business"], nobody["sessions"]) == (None, None, [])
    assert town.admin.get(f"/admin/users/{2**53 - 1}", expect=404)["error"] == "user_not_found"


def test_shops_are_listed_newest_first_by_mark_and_name(town: Town) -> None:
    first, second = town.shopkeeper(), town.shopkeeper()
    page = town.admin.get("/admin/shops", limit=2)
    assert [(shop["id"], shop["name"], shop["vendor"]) for shop in page["shops"]] == [
        (keeper.shop_id, "Asha General Store", keeper.business) for keeper in (second, first)
    ]
    town.admin.post(f"/admin/shops/{first.shop_id}/verify", {"value": True, "reason": "Visited"})
    assert ids(town.admin.get("/admin/shops", verified="true", limit=1), "shops") == [first.shop_id]
    assert ids(town.admin.get("/admin/shops", q=second.business, limit=1), "shops") == [second.shop_id]
    assert ids(town.admin.get("/admin/shops", vendor_id=first.caller.user_id), "shops") == [first.shop_id]
    shop = town.admin.get(f"/admin/shops/{first.shop_id}")["shop"]
    assert (shop["items"], shop["orders"], shop["rating"], shop["verified"]) == (1, 0, None, True)
    assert town.admin.get(f"/admin/shops/{2**53 - 1}", expect=404)["error"] == "shop_not_found"


def test_payouts_are_in_rupees_with_their_bank_masked(town: Town) -> None:
    shop = town.shopkeeper()
    bank = {"bank_name": "State Bank", "account_number": "001234567890", "ifsc_code": "SBIN0001234"}
    shop.post("/vendor/payout/setup", bank)
    given = {"owner": "vendor", "user_id": shop.caller.user_id, "amount": 250, "reason": "Goodwill"}
    town.admin.post("/admin/wallets/adjust", given)
    shop.post("/vendor/wallet/withdraw", {"amount": 99.5})
    (payout,) = town.admin.get("/admin/payouts", vendor_id=shop.caller.user_id)["payouts"]
    assert (payout["amount"], payout["vendor_id"]) == (99.5, shop.caller.user_id)
    assert "00123456" not in payout["bank_account"]
    assert town.admin.get("/admin/payouts", vendor_id=shop.caller.user_id, status="paid")["payouts"] == []


BAD = [
    *("orders?status=refused", "orders?user_id=0", "orders?since=x", "orders?since=2026-02-02&until=2026-02-01"),
    *("orders?until=9999-12-31", "orders?q=%00", "orders?limit=0", "orders?cursor=x"),
    *("shops?verified=yes", "shops?vendor_id=-1", "shops?q=%00", "shops?limit=x"),
    *("reviews?status=x", "reviews?vendor_cursor=0", "reviews?vendor_id=x"),
    *("issues?status=x", "issues?order_id=0", "payouts?status=lost", "payouts?vendor_id=1e3"),
    *(
        "events/failing?service=auth",
        "events/failing?tries=0",
        "events/failing?tries=9999999",
        "events/failing?cursor=0",
    ),
    *("stats/daily?since=x", "stats/daily?format=xml", "stats/daily?since=2020-01-01", "stats/daily?until=1999-01-01"),
    "stats/daily?since=2026-02-02&until=2026-02-01",
]


@pytest.mark.parametrize("query", BAD)
def test_a_filter_that_means_nothing_is_a_400(town: Town, query: str) -> None:
    answer = town.admin.request("GET", f"/api/v1/admin/{query}")
    assert answer.status_code == 400
    assert answer.get_json()["status"] == "error"


GOOD_BODIES: dict[str, dict[str, Any]] = {
    "users/1/suspend": {"reason": "x"},
    "users/1/role": {"reason": "x", "role": "vendor"},
    "vendors/1/review": {"decision": "approve", "reason": "x"},
    "shops/1/verify": {"value": True, "reason": "x"},
    "issues/1/resolve": {"answer": "x"},
    "wallets/adjust": {"owner": "consumer", "user_id": 1, "amount": 5, "reason": "x"},
}
TEXTS: list[Any] = [None, "", "  ", 5, True, [], {}, "bell\u0000", "\ud800"]
BAD_FACTS: dict[str, list[Any]] = {
    "reason": [*TEXTS, "x" * 201],
    "answer": [*TEXTS, "x" * 2001],
    "role": [None, "", "admin", "king", 5, []],
    "decision": [None, "", "approved", True],
    "value": [None, "", "true", 1, 0, []],
    "owner": [None, "", "admin", 5],
    "user_id": [None, 0, -1, 2**53, "7", True, 1.5],
    "amount": [None, 0, "5", True, 0.001, 1_000_001, -1_000_001, 10**30, [], {}],
}
CASES = [(path, name, value) for path, body in GOOD_BODIES.items() for name in body for value in BAD_FACTS[name]]


@pytest.mark.parametrize(("path", "name", "value"), CASES)
def test_what_is_no_act_is_400_and_leaves_no_entry(town: Town, path: str, name: str, value: Any) -> None:
    before = town.entries(limit=1, steps="all")
    town.admin.post(f"/admin/{path}", {**GOOD_BODIES[path], name: value}, expect=400)
    without = {key: kept for key, kept in GOOD_BODIES[path].items() if key != name}
    town.admin.post(f"/admin/{path}", without, expect=400)
    assert town.entries(limit=1, steps="all") == before


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"x"', b'{"reason": NaN}', b'{"reason": "x", "amount": 1e400}', b"\xff"])
def test_what_is_no_json_is_400(town: Town, raw: bytes) -> None:
    for path in GOOD_BODIES:
        answer = town.admin.request(
            "POST", f"/api/v1/admin/{path}", data=raw, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 400


AWAY = {
    "auth": ("users", "users/{user}", "orders", "orders/{order}", "stats/daily"),
    "consumer": ("users/{user}", "orders", "orders/{order}", "stats/daily", "events/failing", "ledger/verify"),
    "vendor": (
        *("shops", "shops/{shop}", "orders/{order}", "reviews", "issues", "payouts", "events/failing"),
        "ledger/verify",
    ),
}


@pytest.mark.parametrize("service", AWAY)
def test_what_only_a_service_that_is_away_knows_is_503(town: Town, service: str) -> None:
    resident, shop = town.resident(50), town.shopkeeper()
    made = {"user": resident.caller.user_id, "shop": shop.shop_id, "order": town.order(resident, shop)}
    town.neighbours[service].is_away = True
    for path in AWAY[service]:
        answer = town.admin.request("GET", f"/api/v1/admin/{path.format(**made)}")
        assert (path, answer.status_code) == (path, 503)
        assert int(answer.headers["Retry-After"]) >= 1
    town.admin.get("/admin/audit")


def test_only_administrators_look_and_act(town: Town) -> None:
    callers: list[Signed] = [person(town.apps["admin"], role) for role in ("consumer", "vendor", "none")]
    for who in callers:
        for path in ("users", "orders/1", "reviews", "audit", "stats/daily", "ledger/verify", "events/failing"):
            who.get(f"/admin/{path}", expect=403)
        for path, body in GOOD_BODIES.items():
            who.post(f"/admin/{path}", body, expect=403)
