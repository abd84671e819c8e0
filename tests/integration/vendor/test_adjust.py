"""An administrator's word about a vendor's wallet: once for each id, in the ledger, and never below nothing."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from typing import Any

import pytest

from habrio_shared.contracts.acts import ADJUST_VENDOR
from tests.integration.vendor.people import Person, Vendor, World, new_id
from tests.integration.vendor.test_payouts import books
from tests.support import acts
from tests.support.at_once import at_once
from tests.support.signed import service


def given(vendor: Vendor, amount_paise: object, **facts: Any) -> dict[str, Any]:
    return {"user_id": vendor.user_id, "amount_paise": amount_paise, "reason": "Damaged goods", **facts}


def adjusted(world: World, amount_paise: int, **facts: Any) -> object:
    """The balance of the world's vendor after an adjustment, in paise."""
    return acts.done(world.admin, ADJUST_VENDOR, **given(world.vendor, amount_paise, **facts)).after["balance_paise"]


def test_an_adjustment_moves_money_either_way_and_the_vendor_reads_why(world: World) -> None:
    before = books(world).totals.get("adjustments", 0)
    assert adjusted(world, 12550) == 12550
    assert adjusted(world, -550, reason="Counted twice") == 12000
    assert world.vendor.transactions() == [("debit", 5.5, "success"), ("credit", 125.5, "success")]
    assert world.vendor.get("/vendor/wallet/history")["transactions"][0]["reference"] == "Counted twice"
    assert books(world).totals["adjustments"] - before == -12000


def test_the_same_adjustment_again_changes_nothing(world: World) -> None:
    act_id = secrets.token_hex(8)
    assert adjusted(world, 1000, act_id=act_id) == adjusted(world, 1000, act_id=act_id) == 1000
    assert at_once(*[lambda: adjusted(world, 1000, act_id=act_id)] * 4) == [1000] * 4
    assert adjusted(world, -1000, act_id=act_id) == 1000
    assert world.vendor.balance() == 10
    books(world)


def test_no_wallet_goes_below_nothing(world: World) -> None:
    world.give(world.vendor, 10)
    assert acts.refused(world.admin, ADJUST_VENDOR, **given(world.vendor, -1001)) == (400, "insufficient_balance")
    assert adjusted(world, -1000) == 0
    books(world)


def test_money_that_is_on_its_way_to_a_bank_is_not_the_wallets_any_more(world: World) -> None:
    world.vendor.set_bank()
    world.give(world.vendor, 10)
    world.vendor.withdraw(6)
    acts.refused(world.admin, ADJUST_VENDOR, **given(world.vendor, -500))

    def adjust() -> int:
        refusal = acts.outcome(world.admin, ADJUST_VENDOR, **given(world.vendor, -400)).refusal
        return refusal.status if refusal else 200

    answers = at_once(
        adjust,
        lambda: world.vendor.raw("POST", "/vendor/wallet/withdraw", json={"amount": 4}).status_code,
    )
    assert Counter(answers) == {200: 1, 400: 1}
    assert world.vendor.balance() == 0
    books(world)


def test_somebody_who_is_no_vendor_has_no_wallet(world: World) -> None:
    facts = given(world.vendor, 1000, user_id=new_id())
    assert acts.refused(world.admin, ADJUST_VENDOR, **facts) == (404, "profile_not_found")


@pytest.mark.parametrize(
    "wrong",
    [
        *({"amount_paise": value} for value in (0, 1.5, True, "5", None, [1], 10**30, 100_000_001, -100_000_001)),
        *({"user_id": value} for value in (0, -1, 2**53, "7", None)),
        *({"reason": value} for value in ("", "  ", "a\x00", "\ud800", "x" * 201, 5, None)),
    ],
    ids=lambda wrong: json.dumps(wrong)[:40],
)
def test_what_makes_no_sense_is_refused(world: World, wrong: dict[str, Any]) -> None:
    answer = acts.ask(world.admin, ADJUST_VENDOR, acts.body_of(**given(world.vendor, 1000) | wrong))
    assert answer.status_code == 400
    assert world.vendor.balance() == 0


def test_an_adjustment_may_be_a_million_rupees_and_as_little_as_a_paisa(world: World) -> None:
    for amount_paise, balance_paise in ((1, 1), (100_000_000, 100_000_001), (-100_000_000, 1), (-1, 0)):
        assert adjusted(world, amount_paise) == balance_paise


def test_only_the_admin_service_adjusts(world: World) -> None:
    body = acts.body_of(**given(world.vendor, 1000))
    others = [service(world.app, name) for name in ("consumer", "auth", "agent")]
    for who in (Person(world.app, "admin", world.society), *others):
        assert acts.ask(who, ADJUST_VENDOR, body).status_code == 401
    assert world.vendor.balance() == 0
