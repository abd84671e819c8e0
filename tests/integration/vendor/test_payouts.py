"""Withdrawing: the money leaves the wallet once, for the bank that is set up at that moment, and can be followed."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from sqlalchemy import func, select

from habrio_shared import ledger
from habrio_shared.database import reading, snapshot
from habrio_vendor.clients import payout_provider
from habrio_vendor.clients.payout_provider import Sandbox
from habrio_vendor.payouts.models import Payout
from habrio_vendor.payouts.send import send_due
from habrio_vendor.payouts.tasks import send_payouts
from tests.integration.vendor.conftest import Statements
from tests.integration.vendor.people import Person, Vendor, World
from tests.integration.vendor.test_wallet import delivered
from tests.support.at_once import at_once

WITHDRAW = "/vendor/wallet/withdraw"
BAD_AMOUNTS = {
    "nothing": "{}",
    "null": '{"amount": null}',
    "zero": '{"amount": 0}',
    "negative": '{"amount": -1}',
    "too many decimals": '{"amount": 1.001}',
    "too small": '{"amount": 0.001}',
    "too large": '{"amount": 1000000.01}',
    "huge": '{"amount": ' + "9" * 400 + "}",
    "an exponent": '{"amount": 1e2}',
    "an endless exponent": '{"amount": 1e400}',
    "NaN": '{"amount": NaN}',
    "infinity": '{"amount": Infinity}',
    "a boolean": '{"amount": true}',
    "a text": '{"amount": "5"}',
    "a list": '{"amount": [5]}',
    "an object": '{"amount": {}}',
    "a surrogate": r'{"amount": "\ud800"}',
    "a list for a body": "[5]",
}


@pytest.fixture
def rich(world: World) -> World:
    """A vendor with 500 rupees and a bank."""
    world.vendor.set_bank()
    world.give(world.vendor, 500)
    return world


def row(world: World, payout_id: int) -> Payout:
    with world.app.app_context(), reading() as session:
        return session.scalars(select(Payout).where(Payout.id == payout_id)).one()


def books(world: World) -> ledger.Verdict:
    with world.app.app_context(), snapshot() as session:
        verdict = ledger.verify(session)
        held = select(func.coalesce(func.sum(Payout.amount_paise), 0)).where(Payout.settled_at.is_(None))
        assert verdict.totals.get("payout_hold", 0) == int(session.scalars(held).one()), "on hold is what is under way"
    assert verdict.problems == []
    return verdict


def test_a_withdrawal_leaves_the_wallet_at_once_and_says_where_it_goes(rich: World) -> None:
    before = books(rich)
    answer = rich.vendor.withdraw(120.5)
    assert answer["balance"] == 379.5 == rich.vendor.balance()
    assert answer["bank_account"].endswith("7890")
    assert "001234567890" not in json.dumps(answer)
    assert rich.vendor.transactions() == [("withdrawal", 120.5, "pending"), ("credit", 500, "success")]
    [payout] = rich.vendor.payouts()
    assert (payout["status"], payout["amount"], payout["sent_at"]) == ("requested", 120.5, None)
    assert payout["id"] == answer["payout_id"]
    assert "001234567890" not in json.dumps(payout)
    assert rich.vendor.get("/vendor/wallet/history")["transactions"][0]["reference"] == f"payout:{payout['id']}"
    held = books(rich).totals["payout_hold"] - before.totals.get("payout_hold", 0)
    assert held == 12050


def test_what_a_delivery_brought_can_be_withdrawn_to_the_paisa(world: World) -> None:
    world.vendor.set_bank()
    delivered(world, 31.5)
    assert world.vendor.withdraw(29.94, expect=400)["error"] == "insufficient_balance"
    assert world.vendor.withdraw(29.93)["balance"] == 0


def test_without_a_bank_nothing_is_withdrawn(world: World) -> None:
    world.give(world.vendor, 100)
    refused = world.vendor.withdraw(10, expect=400)
    assert refused["error"] == "no_payout_bank"
    assert (world.vendor.balance(), world.vendor.payouts()) == (100, [])


def test_more_than_there_is_is_refused_and_nothing_is_left_behind(rich: World) -> None:
    refused = rich.vendor.withdraw(500.01, expect=400)
    assert refused["error"] == "insufficient_balance"
    assert (rich.vendor.balance(), rich.vendor.payouts()) == (500, [])
    books(rich)


@pytest.mark.parametrize("body", BAD_AMOUNTS.values(), ids=BAD_AMOUNTS.keys())
def test_an_amount_that_is_no_amount_is_refused(rich: World, body: str) -> None:
    answer = rich.vendor.raw("POST", WITHDRAW, data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["error"]) == (400, "validation_error"), answer.text
    assert rich.vendor.balance() == 500


@pytest.mark.parametrize("amount", [0.01, 500, 499.99])
def test_the_bounds_of_an_amount_are_allowed(rich: World, amount: float) -> None:
    rich.vendor.withdraw(amount)
    assert rich.vendor.balance() == pytest.approx(500 - amount)


def test_the_largest_amount_is_a_million(rich: World) -> None:
    rich.give(rich.vendor, 1_000_000)
    assert rich.vendor.withdraw(1_000_000)["balance"] == 500


def test_without_a_provider_the_answer_is_503_and_what_waits_is_named_in_the_log(
    rich: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rich.vendor.withdraw(10)
    settings = rich.app.extensions["habrio_settings"].model_copy(update={"payout_provider": "none"})
    monkeypatch.setitem(rich.app.extensions, "habrio_settings", settings)
    monkeypatch.setitem(rich.app.extensions, payout_provider.EXTENSION, None)
    refused = rich.vendor.withdraw(10, expect=503)
    assert refused["error"] == "payouts_not_configured"
    assert rich.vendor.balance() == 490
    with rich.app.app_context():
        assert send_payouts() == 0
    assert "there is no payout provider" in caplog.text


def test_the_same_key_withdraws_once_and_answers_alike(rich: World) -> None:
    first = rich.vendor.withdraw(10, key="tap-1")
    assert rich.vendor.withdraw(10, key="tap-1") == first
    assert rich.vendor.withdraw(11, key="tap-1", expect=409)["error"] == "idempotency_key_reused"
    assert rich.vendor.balance() == 490
    refused = rich.vendor.withdraw(5000, key="tap-2", expect=400)
    assert refused["error"] == "insufficient_balance"
    assert rich.vendor.withdraw(20, key="tap-2")["balance"] == 470, "what was refused is not stored"


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_withdrawals_of_the_whole_balance_at_once_one_wins(rich: World, attempt: int) -> None:
    def take_all() -> tuple[int, str | None]:
        answer = rich.vendor.raw("POST", WITHDRAW, json={"amount": 500})
        return answer.status_code, answer.get_json().get("error")

    assert Counter(at_once(take_all, take_all)) == {(200, None): 1, (400, "insufficient_balance"): 1}
    assert (rich.vendor.balance(), len(rich.vendor.payouts())) == (0, 1)
    books(rich)


def test_one_key_by_many_at_once_is_one_withdrawal(rich: World) -> None:
    headers = {"Idempotency-Key": "tap"}
    answers = at_once(
        *[lambda: rich.vendor.raw("POST", WITHDRAW, json={"amount": 100}, headers=headers).get_json()] * 6
    )
    assert answers == [answers[0]] * 6
    assert (rich.vendor.balance(), len(rich.vendor.payouts())) == (400, 1)


def test_the_bank_is_the_one_of_the_request_even_if_it_is_changed_before_the_money_goes(
    rich: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, str] = {}

    class Watching(Sandbox):
        def send(self, transfer: payout_provider.Transfer) -> payout_provider.Outcome:
            given[transfer.reference] = transfer.account_number
            return super().send(transfer)

    first = rich.vendor.withdraw(10)["payout_id"]
    rich.vendor.set_bank("998877665544")
    second = rich.vendor.withdraw(10)["payout_id"]
    monkeypatch.setitem(rich.app.extensions, payout_provider.EXTENSION, Watching())
    with rich.app.app_context():
        send_due()
    assert given[f"payout:{first}"] == "001234567890"
    assert given[f"payout:{second}"] == "998877665544"
    assert [payout["bank_account"][-4:] for payout in rich.vendor.payouts()] == ["5544", "7890"]


def test_the_number_of_the_account_is_not_readable_in_the_database(rich: World) -> None:
    kept = row(rich, rich.vendor.withdraw(10)["payout_id"])
    assert "001234567890" not in kept.account_sealed + kept.account_masked


def test_payouts_are_paged_newest_first_and_only_the_callers_own(rich: World) -> None:
    made = [rich.vendor.withdraw(amount)["payout_id"] for amount in (1, 2, 3)]
    stranger = Vendor(rich.app, "vendor", rich.society)
    assert stranger.payouts() == []
    first = rich.vendor.get("/vendor/payouts", limit=2)
    assert [payout["id"] for payout in first["payouts"]] == made[:0:-1]
    second = rich.vendor.get("/vendor/payouts", limit=2, cursor=first["next_cursor"])
    assert ([payout["id"] for payout in second["payouts"]], second["next_cursor"]) == (made[:1], None)
    for bad in ("limit=0", "limit=x", "cursor=-1", "cursor=%00"):
        rich.vendor.get(f"/vendor/payouts?{bad}", expect=400)


def test_a_page_of_history_costs_the_same_however_many_withdrawals_are_on_it(
    rich: World, statements: Statements
) -> None:
    def cost() -> int:
        with statements() as seen:
            rich.vendor.get("/vendor/wallet/history")
        return len(seen)

    before = cost()
    for _ in range(5):
        rich.vendor.withdraw(1)
    assert cost() == before


def test_only_vendors_withdraw(world: World) -> None:
    resident = Person(world.app, "consumer", world.society)
    resident.post(WITHDRAW, {"amount": 5}, expect=403)
    resident.get("/vendor/payouts", expect=403)


def test_administrators_see_every_payout_with_its_tries_and_filters(rich: World) -> None:
    made = [rich.vendor.withdraw(amount)["payout_id"] for amount in (1, 2, 3)]
    with rich.app.app_context():
        send_due()
    waiting = rich.vendor.withdraw(4)["payout_id"]
    mine = {"vendor_id": rich.vendor.user_id}
    newest = rich.admin.get("/internal/admin/payouts", limit=1)["payouts"]
    assert [payout["id"] for payout in newest] == [waiting]
    assert newest[0]["amount_paise"] == 400 and newest[0]["bank_account"].endswith("7890")
    paid = rich.admin.get("/internal/admin/payouts", status="paid", **mine)["payouts"]
    assert [payout["id"] for payout in paid] == made[::-1]
    assert {payout["provider"] for payout in paid} == {"sandbox"}
    page = rich.admin.get("/internal/admin/payouts", limit=2, **mine)
    rest = rich.admin.get("/internal/admin/payouts", limit=2, cursor=page["next_cursor"], **mine)
    shown = [payout["id"] for payout in page["payouts"] + rest["payouts"]]
    assert (shown, rest["next_cursor"]) == ([waiting, *made[::-1]], None)
    rich.admin.get("/internal/admin/payouts", status="lost", expect=400)
    rich.vendor.get("/internal/admin/payouts", expect=401)


def test_what_is_paid_and_what_fails_is_told_apart_in_the_history(rich: World) -> None:
    rich.vendor.withdraw(10)
    with rich.app.app_context():
        send_due()
    rich.vendor.withdraw(20)
    assert rich.vendor.transactions() == [
        ("withdrawal", 20, "pending"),
        ("withdrawal", 10, "success"),
        ("credit", 500, "success"),
    ]
    counted = Counter(payout["status"] for payout in rich.vendor.payouts())
    assert counted == {"paid": 1, "requested": 1}
    books(rich)
