"""Two who withdraw everything at the same moment: it leaves once."""

from __future__ import annotations

from functools import partial

from tests.proof.races.contest import PRICE, REPEATS, Town
from tests.support.at_once import at_once

BANK = {"bank_name": "State Bank", "account_number": "001234567890", "ifsc_code": "SBIN0001234"}


def test_everything_is_withdrawn_once(town: Town) -> None:
    town.shop.owner.post("/vendor/payout/setup", BANK)
    for _ in range(REPEATS):
        town.order("delivered")
        everything = {"amount": town.shop.balance()}
        assert everything["amount"] == PRICE
        ask = partial(town.shop.owner.raw, "POST", "/vendor/wallet/withdraw", json=everything)
        answers = at_once(ask, ask)
        assert sorted(answer.status_code for answer in answers) == [200, 400], [answer.text for answer in answers]
        assert town.shop.balance() == 0
    history = town.shop.owner.get("/vendor/wallet/history", limit=100)["transactions"]
    assert {line["type"] for line in history} <= {"withdrawal", "credit"}
