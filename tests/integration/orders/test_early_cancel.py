"""An order that is cancelled before it arrives at its shop, and whoever asks for it again."""

from __future__ import annotations

import secrets

from flask import Flask

from tests.integration.mechanisms.transports import DirectTransport
from tests.integration.orders.test_ledger_proof import make_trade


def test_who_asks_again_for_an_order_that_was_cancelled_meanwhile_is_told_that_it_was_placed(
    apps: dict[str, Flask], wire: DirectTransport
) -> None:
    trade, key = make_trade(apps, wire), secrets.token_hex(8)
    trade.resident.fill(trade.item_id, quantity=2)
    wire.is_cut = True
    order_id = trade.resident.confirm(key=key, expect=202)["order_id"]
    wire.is_cut = False
    trade.resident.cancel(order_id)
    assert trade.resident.confirm(key=key)["order_id"] == order_id
    assert trade.resident.status(order_id) == "cancelled"
    assert trade.resident.orders() == [order_id]
    assert trade.resident.balance() == 1000
