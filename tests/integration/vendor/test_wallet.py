"""The vendor's money: it comes with the consumer's receipt, once, less the commission; nobody else moves it."""

from __future__ import annotations

import threading

import pytest

from habrio_shared import ledger
from habrio_shared.contracts.orders import MoveApplied, VendorOrderState
from habrio_shared.database import snapshot, transaction
from habrio_shared.outbox import Relay
from habrio_vendor.wallet.on_consumer_events import on_moved
from tests.integration.vendor.people import Person, World
from tests.support.waiting import until


def verdict(world: World) -> ledger.Verdict:
    with world.app.app_context(), snapshot() as session:
        return ledger.verify(session)


def delivered(world: World, price: float, mode: str = "wallet") -> int:
    order_id = world.place({world.vendor.add_item(price=price): 1}, price=price, mode=mode)
    world.vendor.set_status(order_id, "delivered")
    return order_id


def test_a_delivered_wallet_order_is_paid_at_once_less_the_commission(world: World) -> None:
    assert world.vendor.get("/vendor/wallet") == {"status": "success", "balance": 0}
    order_id = delivered(world, 31.5)  # 5 % of 31.50 is 1.575: the half paisa stays with the vendor
    assert world.vendor.get("/vendor/wallet")["balance"] == 29.93
    [transaction_] = world.vendor.get("/vendor/wallet/history")["transactions"]
    assert transaction_.pop("created_at").endswith("Z")
    assert isinstance(transaction_.pop("id"), int)
    assert transaction_ == {
        "user_phone": world.vendor.phone,
        "amount": 29.93,
        "type": "credit",
        "reference": f"order:{order_id}",
        "status": "success",
    }
    assert verdict(world).is_right


def with_commission(world: World, monkeypatch: pytest.MonkeyPatch, basis_points: int) -> None:
    settings = world.app.extensions["habrio_settings"].model_copy(update={"commission_basis_points": basis_points})
    monkeypatch.setitem(world.app.extensions, "habrio_settings", settings)


@pytest.mark.parametrize(
    ("basis_points", "price", "earned"),
    [(0, 31.5, 31.5), (1, 99.99, 99.99), (1, 100, 99.99), (9_999, 0.01, 0.01), (9_999, 100, 0.01), (10_000, 31.5, 0)],
)
def test_the_commission_is_that_share_rounded_down(
    world: World, monkeypatch: pytest.MonkeyPatch, basis_points: int, price: float, earned: float
) -> None:
    with_commission(world, monkeypatch, basis_points)
    before = verdict(world).totals.get("commission", 0)
    delivered(world, price)
    assert world.vendor.get("/vendor/wallet")["balance"] == earned
    assert verdict(world).totals.get("commission", 0) - before == round(price * 100) - round(earned * 100)
    assert len(world.vendor.transactions()) == (1 if earned else 0)
    assert verdict(world).is_right


def test_the_commission_is_the_one_of_the_moment_of_placing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = world.place({world.vendor.add_item(price=100): 1}, price=100)
    with_commission(world, monkeypatch, 10_000)
    world.vendor.set_status(order_id, "delivered")
    assert world.vendor.get("/vendor/wallet")["balance"] == 95


def test_a_cash_order_moves_no_money(world: World) -> None:
    delivered(world, 31.5, mode="cash")
    assert world.vendor.get("/vendor/wallet")["balance"] == 0
    assert world.vendor.get("/vendor/wallet/history") == {"status": "success", "transactions": [], "next_cursor": None}


def test_the_history_is_paged_newest_first(world: World) -> None:
    orders = [delivered(world, 100) for _ in range(3)]
    first = world.vendor.get("/vendor/wallet/history", limit=2)
    assert [entry["reference"] for entry in first["transactions"]] == [f"order:{order}" for order in orders[:0:-1]]
    second = world.vendor.get("/vendor/wallet/history", limit=2, cursor=first["next_cursor"])
    assert [entry["reference"] for entry in second["transactions"]] == [f"order:{orders[0]}"]
    assert second["next_cursor"] is None
    for bad in ("limit=0", "limit=x", "cursor=-1"):
        world.vendor.get(f"/vendor/wallet/history?{bad}", expect=400)


def test_with_the_consumer_away_the_vendor_is_answered_and_the_relay_brings_the_money_later(world: World) -> None:
    world.consumer.is_away = True
    order_id = delivered(world, 100)
    assert world.vendor.orders()[0]["status"] == "delivered"
    assert world.vendor.get("/vendor/wallet")["balance"] == 0
    world.consumer.is_away = False
    stop = threading.Event()
    relay = threading.Thread(target=Relay(world.app).run, args=(stop,))
    relay.start()
    try:
        until(lambda: world.vendor.get("/vendor/wallet")["balance"] == 95, seconds=10, what="the order is settled")
    finally:
        stop.set()
        relay.join()
    assert world.consumer.heard_of(order_id) == [("delivered", 2, "vendor")]
    assert verdict(world).is_right


def test_a_receipt_that_comes_twice_pays_once(world: World) -> None:
    order_id = delivered(world, 100)
    told = VendorOrderState.model_validate(world.consumer.heard[-1])
    with world.app.app_context(), transaction() as session:
        on_moved(session, told, MoveApplied(captured_paise=10_000))
    assert world.vendor.get("/vendor/wallet")["balance"] == 95
    assert told.order_id == order_id
    assert verdict(world).is_right


def test_only_a_delivery_pays(world: World) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    world.vendor.set_status(order_id, "accepted")
    told = VendorOrderState.model_validate(world.consumer.heard[-1])
    with world.app.app_context(), transaction() as session:
        on_moved(session, told, MoveApplied(captured_paise=1050))
    assert world.vendor.get("/vendor/wallet")["balance"] == 0


def test_no_vendor_moves_wallet_money_by_hand(world: World) -> None:
    for path in ("/vendor/wallet/credit", "/vendor/wallet/debit"):
        for body in ({"amount": 5}, None, "garbage", [1]):
            refused = world.vendor.post(path, body, expect=403)
            assert refused["error"] == "wallet_not_yours"
        assert world.vendor.raw("GET", path).status_code == 405
        Person(world.app, "consumer", world.society).post(path, {"amount": 5}, expect=403)
    assert world.vendor.get("/vendor/wallet")["balance"] == 0
