"""What the admin service reads of orders, and does to wallets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from habrio_shared.contracts.acts import ADJUST_CONSUMER
from tests.integration.consumer.conftest import Statements
from tests.integration.consumer.people import World, new_id
from tests.support import acts
from tests.support.signed import Signed, service

ORDERS = "/internal/admin/orders"


def admin(world: World) -> Signed:
    return service(world.app, "admin")


def listed(world: World, **query: Any) -> list[int]:
    """The ids of the resident's orders that the admin service is shown."""
    page = admin(world).get(ORDERS, **{"user_id": world.resident.user_id, **query})
    return [order["id"] for order in page["orders"]]


def adjustment(world: World, amount_paise: object, **facts: Any) -> dict[str, Any]:
    return {"user_id": world.resident.user_id, "reason": "Goodwill", "amount_paise": amount_paise, **facts}


def adjusted(world: World, amount_paise: int, **facts: Any) -> object:
    """The balance after an adjustment, in paise."""
    given = adjustment(world, amount_paise, **facts)
    return acts.done(admin(world), ADJUST_CONSUMER, **given).after["balance_paise"]


def test_orders_are_listed_newest_first_by_any_filter(world: World) -> None:
    world.resident.load(100)
    first, second = world.placed("cash"), world.placed("wallet")
    world.vendor.move_and_tell(first, "delivered")
    shop_id = world.vendor.items[world.rice].shop_id
    assert listed(world) == listed(world, shop_id=shop_id) == [second, first]
    assert listed(world, status="delivered") == [first]
    assert listed(world, shop_id=shop_id + 10**9) == listed(world, status="placing") == []
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    assert listed(world, since=(now - hour).isoformat(), until=(now + hour).isoformat()) == [second, first]
    assert listed(world, since=(now + hour).isoformat()) == listed(world, until=(now - hour).isoformat()) == []
    page = admin(world).get(ORDERS, user_id=world.resident.user_id, limit=1)
    assert page["next_cursor"] == second
    assert listed(world, limit=1, cursor=second) == [first]
    (order,) = page["orders"]
    assert order.pop("created_at")
    assert order == {
        "id": second,
        "status": "pending",
        "user_id": world.resident.user_id,
        "shop_id": shop_id,
        "shop_name": "Asha General Store",
        "payment_mode": "wallet",
        "payment_status": "paid",
        "total_paise": 2100,
        "final_paise": 2100,
    }


def test_an_order_that_failed_is_listed_when_asked_for_alone(world: World) -> None:
    world.resident.fill(world.rice, quantity=2)
    world.vendor.change(world.rice, in_stock=0)
    world.resident.confirm("cash", expect=400)
    assert listed(world) == []
    (order_id,) = listed(world, status="failed")
    order = admin(world).get(f"{ORDERS}/{order_id}")["order"]
    assert (order["status"], order["refusal"]) == ("failed", "not_enough_stock: Refused: not_enough_stock")


@pytest.mark.parametrize(
    "query",
    [
        *("status=refused", "status=", "user_id=0", "user_id=x", "shop_id=-1", "limit=0", "cursor=x", "since=x"),
        *("since=5", "since=2026-01-02T03:04:05", "until=9999-12-31T23:59:59-23:59", "until=0001-01-01T00:00:00%2B23"),
    ],
)
def test_a_bad_filter_is_400(world: World, query: str) -> None:
    assert admin(world).request("GET", f"{ORDERS}?{query}").status_code == 400


def test_one_order_has_lines_timeline_and_the_money_that_moved(world: World, statements: Statements) -> None:
    world.resident.load(100)
    order_id = world.placed()
    world.resident.post("/consumer/wallet/load", {"amount": 1, "reference": f"order:{order_id}"})
    world.resident.cancel(order_id, reason="Too late")
    with statements() as seen:
        order = admin(world).get(f"{ORDERS}/{order_id}")["order"]
    # the order, its lines, its timeline, its money; messages, issues, returns, rating; what is in flight
    assert len(seen) == 9
    assert [(said["author"], said["text"]) for said in order["messages"]] == [
        ("consumer", "The order was cancelled: Too late")
    ]
    assert order["issues"] == order["returns"] == order["events"] == []
    assert order["lines"] == [
        {
            "item_id": world.rice,
            "title": "Rice",
            "unit": "kg",
            "quantity": 2,
            "proposed_quantity": None,
            "unit_price_paise": 1050,
        }
    ]
    steps = [(step["version"], step["status"], step["by"], step["reason"]) for step in order["timeline"]]
    assert steps == [(1, "pending", "consumer", ""), (2, "cancelled", "consumer", "Too late")]
    wallet = f"wallet:{world.resident.user_id}"
    money = [(move["entry_id"], move["src"], move["dst"], move["amount_paise"]) for move in order["money"]]
    assert money == [(f"hold:{order_id}", wallet, "escrow", 2100), (f"release:{order_id}", "escrow", wallet, 2100)]
    admin(world).get(f"{ORDERS}/{2**53 - 1}", expect=404)


def test_a_wallet_is_adjusted_both_ways_and_its_owner_sees_it(world: World) -> None:
    given = acts.done(admin(world), ADJUST_CONSUMER, **adjustment(world, 5_050))
    assert (given.before, given.after) == ({"balance_paise": 0}, {"balance_paise": 5050})
    assert adjusted(world, -1_025, reason="A mistake") == 4025
    assert world.resident.movements() == [("debit", 10.25), ("refund", 50.5)]
    newest = world.resident.get("/consumer/wallet/history")["transactions"][0]
    assert (newest["reference"], newest["source"]) == ("A mistake", "adjustment")


def test_an_adjustment_is_made_once_whatever_else_its_id_is_sent_with(world: World) -> None:
    act_id = f"a{new_id()}"
    for amount_paise in (500, 500, 600):
        assert adjusted(world, amount_paise, act_id=act_id) == 500
    assert world.resident.balance() == 5


def test_a_wallet_never_goes_below_nothing(world: World) -> None:
    world.resident.load(10)
    given = adjustment(world, -1_001)
    assert acts.refused(admin(world), ADJUST_CONSUMER, **given) == (400, "insufficient_balance")
    assert world.resident.balance() == 10
    assert adjusted(world, -1_000) == 0


BAD_FACTS: list[dict[str, Any]] = [
    *({"amount_paise": amount} for amount in (0, 1.5, "5", True, None, 10**8 + 1, -(10**8) - 1, 10**30)),
    *({"reason": reason} for reason in ("", "  ", "x" * 201, "bell\u0000", None)),
    *({"user_id": user_id} for user_id in (0, -1, 2**53, "7", True, None)),
]


@pytest.mark.parametrize("facts", BAD_FACTS)
def test_what_is_no_adjustment_is_400(world: World, facts: dict[str, Any]) -> None:
    body = acts.body_of(**adjustment(world, 5) | facts)
    assert acts.ask(admin(world), ADJUST_CONSUMER, body).status_code == 400
    assert world.resident.balance() == 0


def test_nobody_else_reads_or_adjusts(world: World) -> None:
    for who in (service(world.app, "vendor"), service(world.app, "auth"), world.resident):
        for path in (ORDERS, f"{ORDERS}/1"):
            assert who.request("GET", path).status_code == 401
        assert acts.ask(who, ADJUST_CONSUMER, acts.body_of(**adjustment(world, 5))).status_code == 401
    assert world.resident.balance() == 0
