"""An administrator's word about a vendor's wallet: once for each id, in the ledger, and never below nothing."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from typing import Any

import pytest

from tests.integration.vendor.people import Person, Vendor, World, new_id
from tests.integration.vendor.test_payouts import books
from tests.integration.vendor.test_races import at_once
from tests.support.signed import service

ADJUST = "/internal/admin/wallets/adjust"


def body(vendor: Vendor, amount_paise: int, **fields: Any) -> dict[str, Any]:
    given = {
        "id": secrets.token_hex(8),
        "user_id": vendor.user_id,
        "amount_paise": amount_paise,
        "reason": "Damaged goods",
    }
    return {**given, **fields}


def test_an_adjustment_moves_money_either_way_and_the_vendor_reads_why(world: World) -> None:
    before = books(world).totals.get("adjustments", 0)
    given = world.admin.post(ADJUST, body(world.vendor, 12550))
    assert given == {"status": "success", "user_id": world.vendor.user_id, "balance_paise": 12550}
    assert world.admin.post(ADJUST, body(world.vendor, -550, reason="Counted twice"))["balance_paise"] == 12000
    assert world.vendor.transactions() == [("debit", 5.5, "success"), ("credit", 125.5, "success")]
    assert world.vendor.get("/vendor/wallet/history")["transactions"][0]["reference"] == "Counted twice"
    assert books(world).totals["adjustments"] - before == -12000


def test_the_same_adjustment_again_changes_nothing(world: World) -> None:
    given = body(world.vendor, 1000)
    assert world.admin.post(ADJUST, given) == world.admin.post(ADJUST, given)
    assert at_once(*[lambda: world.admin.post(ADJUST, given)["balance_paise"]] * 4) == [1000] * 4
    for other in ({"amount_paise": 1001}, {"reason": "Another"}, {"amount_paise": -1000}):
        assert world.admin.post(ADJUST, given | other, expect=409)["error"] == "adjustment_reused"
    neighbour = Vendor(world.app, "vendor", world.society)
    neighbour.open_shop()
    world.admin.post(ADJUST, given | {"user_id": neighbour.user_id}, expect=409)
    assert (world.vendor.balance(), neighbour.balance()) == (10, 0)
    books(world)


def test_no_wallet_goes_below_nothing(world: World) -> None:
    world.give(world.vendor, 10)
    refused = world.admin.post(ADJUST, body(world.vendor, -1001), expect=400)
    assert refused["error"] == "insufficient_balance"
    assert world.admin.post(ADJUST, body(world.vendor, -1000))["balance_paise"] == 0
    books(world)


def test_money_that_is_on_its_way_to_a_bank_is_not_the_wallets_any_more(world: World) -> None:
    world.vendor.set_bank()
    world.give(world.vendor, 10)
    world.vendor.withdraw(6)
    world.admin.post(ADJUST, body(world.vendor, -500), expect=400)
    answers = at_once(
        lambda: world.admin.request("POST", ADJUST, json=body(world.vendor, -400)).status_code,
        lambda: world.vendor.raw("POST", "/vendor/wallet/withdraw", json={"amount": 4}).status_code,
    )
    assert Counter(answers) == {200: 1, 400: 1}
    assert world.vendor.balance() == 0
    books(world)


def test_somebody_who_is_no_vendor_has_no_wallet(world: World) -> None:
    refused = world.admin.post(ADJUST, body(world.vendor, 1000, user_id=new_id()), expect=404)
    assert refused["error"] == "profile_not_found"


@pytest.mark.parametrize(
    "wrong",
    [
        *({"amount_paise": value} for value in (0, 1.5, True, "5", None, [1], 10**30, 100_000_001, -100_000_001)),
        *({"id": value} for value in ("", "a b", "x" * 101, "a\n", "दूध", "a\x00", 5, None)),
        *({"user_id": value} for value in (0, -1, 2**53, "7", None)),
        *({"reason": value} for value in ("", "  ", "a\x00", "\ud800", "x" * 201, 5, None)),
    ],
    ids=lambda wrong: json.dumps(wrong)[:40],
)
def test_what_makes_no_sense_is_refused(world: World, wrong: dict[str, Any]) -> None:
    assert world.admin.post(ADJUST, body(world.vendor, 1000) | wrong, expect=400)["error"] == "validation_error"
    assert world.vendor.balance() == 0


def test_an_adjustment_may_be_a_million_rupees_and_as_little_as_a_paisa(world: World) -> None:
    for amount_paise, balance_paise in ((1, 1), (100_000_000, 100_000_001), (-100_000_000, 1), (-1, 0)):
        assert world.admin.post(ADJUST, body(world.vendor, amount_paise))["balance_paise"] == balance_paise


def test_only_the_admin_service_adjusts(world: World) -> None:
    given = body(world.vendor, 1000)
    Person(world.app, "admin", world.society).post(ADJUST, given, expect=401)
    for name in ("consumer", "auth", "agent"):
        service(world.app, name).post(ADJUST, given, expect=401)
    assert world.vendor.balance() == 0
