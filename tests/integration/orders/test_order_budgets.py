"""How many statements an order takes in both services, however many lines it has (tests/bench says what each costs)."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.integration.mechanisms.transports import DirectTransport
from tests.integration.orders.test_ledger_proof import make_trade
from tests.support.statements import sent_by

BUDGETS = {"cash": {"consumer": 14, "vendor": 8}, "wallet": {"consumer": 18, "vendor": 8}}
"""Of confirming: in the consumer service to promise the order (8, and 4 for the money) and to follow the answer (6); in
the vendor service to reserve it, and the notice for its vendor."""


@pytest.mark.parametrize("mode", BUDGETS)
def test_an_order_of_many_lines_takes_as_many_statements_as_one_of_one(
    apps: dict[str, Flask], wire: DirectTransport, mode: str
) -> None:
    trade = make_trade(apps, wire)
    items = [trade.vendor.add_item(f"Item {number}", 10, 50) for number in range(8)]
    trade.order()  # the first of all opens the ledger's accounts
    for lines in (1, 8):
        trade.resident.fill(*items[:lines])
        with sent_by(apps["consumer"]) as consumer, sent_by(apps["vendor"]) as vendor:
            trade.resident.confirm(mode)
        for service, seen in {"consumer": consumer, "vendor": vendor}.items():
            sent = [one.sql for one in seen if not one.sql.startswith("BEGIN")]  # only SQLite's goes this way
            assert len(sent) == BUDGETS[mode][service], sent
