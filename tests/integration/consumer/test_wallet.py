"""The wallet: loaded by payments, moved by orders, and by nothing else."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from habrio_consumer.app import create_app
from habrio_consumer.settings import ConsumerSettings
from habrio_consumer.wallet.models import WORLD, wallet
from habrio_shared import ledger
from habrio_shared.database import transaction
from tests.integration.consumer.people import Resident, World


def test_loading_says_the_balance_and_the_history_how_it_came(world: World) -> None:
    ravi = world.resident
    assert ravi.get("/consumer/wallet") == {"status": "success", "balance": 0}
    assert ravi.post("/consumer/wallet/load", {"amount": 500.5, "reference": "upi-17"})["balance"] == 500.5
    assert ravi.post("/consumer/wallet/load", {"amount": 0.01})["balance"] == 500.51
    page = ravi.get("/consumer/wallet/history")
    newest, first = page["transactions"]
    assert page["next_cursor"] is None
    assert newest["id"] > first["id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first.pop("created_at"))
    first.pop("id")
    assert first == {
        "user_phone": ravi.phone,
        "amount": 500.5,
        "type": "recharge",
        "reference": "upi-17",
        "status": "success",
        "source": "payment",
    }


def test_orders_are_debits_and_what_comes_back_is_a_refund(world: World) -> None:
    world.resident.load(100)
    order_id = world.placed(quantity=2)
    world.resident.cancel(order_id)
    assert world.resident.movements() == [("refund", 21), ("debit", 21), ("recharge", 100)]
    references = {move["reference"] for move in world.resident.get("/consumer/wallet/history")["transactions"][:2]}
    assert references == {f"order:{order_id}"}


@pytest.mark.parametrize(
    "raw",
    [
        *("0", "-1", "0.001", "1.005", "1000000.01", "1e3", "1E2", "1e-1", "NaN", "Infinity", "-Infinity", "1e999"),
        *("null", "true", "false", '"100"', '"1e2"', '""', "[]", "{}", "[100]", "10000000000000000000000000000000000"),
    ],
)
def test_what_is_no_amount_is_400(world: World, raw: str) -> None:
    answer = world.resident.raw(
        "POST", "/consumer/wallet/load", data=f'{{"amount": {raw}}}', content_type="application/json"
    )
    assert answer.status_code == 400, answer.text
    assert world.resident.balance() == 0


def test_an_amount_is_required(world: World) -> None:
    for body in (None, {}, {"reference": "x"}):
        assert world.resident.post("/consumer/wallet/load", body, expect=400)["errors"][0]["loc"] == ["amount"]


@pytest.mark.parametrize("amount", [0.01, 1, 1.5, 999999.99, 1_000_000, 1000000.0])
def test_amounts_within_the_bounds_are_taken_to_the_paisa(world: World, amount: float) -> None:
    assert world.resident.post("/consumer/wallet/load", {"amount": amount})["balance"] == amount


def test_the_same_key_loads_once(world: World) -> None:
    key = {"Idempotency-Key": "load-1"}
    first = world.resident.post("/consumer/wallet/load", {"amount": 50}, headers=key)
    world.resident.load(1)
    assert world.resident.post("/consumer/wallet/load", {"amount": 50}, headers=key) == first
    world.resident.post("/consumer/wallet/load", {"amount": 60}, headers=key, expect=409)
    assert world.resident.balance() == 51
    assert world.neighbour().post("/consumer/wallet/load", {"amount": 50}, headers=key)["balance"] == 50


@pytest.mark.parametrize("path", ["/consumer/wallet/refund", "/consumer/wallet/debit"])
def test_nobody_moves_a_wallet_by_asking(world: World, path: str) -> None:
    world.resident.load(10)
    for body in (None, {"amount": 5}, {"amount": "x"}):
        world.resident.post(path, body, expect=403)
    assert world.resident.balance() == 10


def test_the_history_is_paged_newest_first(world: World) -> None:
    for rupees in range(1, 6):
        world.resident.load(rupees)
    amounts, cursor, pages = [], None, 0
    while pages < 5:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = world.resident.get("/consumer/wallet/history", **query)
        amounts += [move["amount"] for move in page["transactions"]]
        pages, cursor = pages + 1, page["next_cursor"]
        if cursor is None:
            break
    assert (amounts, pages) == ([5, 4, 3, 2, 1], 3)
    for bad in ("0", "-1", "x", "1.5", "", "²"):
        world.resident.get("/consumer/wallet/history", limit=bad, expect=400)


def test_a_page_of_the_history_is_50_and_at_most_100(world: World) -> None:
    with world.app.app_context(), transaction() as session:
        for number in range(101):
            moves = ledger.moves((WORLD, wallet(world.resident.user_id), 100))
            entry_id = f"topup:{world.resident.user_id}-{number}"
            ledger.post(session, ledger.Entry(id=entry_id, kind="topup", postings=moves, reference="x"))
    for query, size in (({}, 50), ({"limit": 100}, 100), ({"limit": 101}, 100), ({"limit": 10**30}, 100)):
        assert len(world.resident.get("/consumer/wallet/history", **query)["transactions"]) == size


def test_a_load_without_a_reference_has_the_payments(world: World) -> None:
    world.resident.load(1)
    (move,) = world.resident.get("/consumer/wallet/history")["transactions"]
    assert re.fullmatch(r"payment:[0-9a-f]{24}", move["reference"])


def test_a_wallet_is_nobody_elses(world: World) -> None:
    world.resident.load(10)
    neighbour = world.neighbour()
    assert neighbour.balance() == 0
    assert neighbour.movements() == []


def _with(app: Flask, **settings: object) -> Flask:
    base = app.extensions["habrio_settings"]
    given = {"database_url": base.database_url, "internal_secret": "5a" * 32, "log_level": "CRITICAL", **settings}
    return create_app(ConsumerSettings.model_validate(given))


def test_without_a_provider_loading_is_503_and_nothing_is_credited(app: Flask, world: World) -> None:
    elsewhere = Resident(_with(app, app_env="testing", payment_provider="none"), world.society)
    assert elsewhere.post("/consumer/wallet/load", {"amount": 5}, expect=503)["error"] == "payments_not_configured"
    elsewhere.post("/consumer/wallet/load", {"amount": -5}, expect=400)
    assert elsewhere.balance() == 0
