"""The proof of the ledgers on the real services: it finds what was planted, to the paisa, and holds during traffic."""

from __future__ import annotations

import io
import itertools
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from habrio_local import ledger as command
from habrio_local.console import Console
from habrio_shared import ledger
from habrio_shared.database import after, reading, transaction
from habrio_shared.ledger.tables import verdicts
from tests.integration.consumer.people import Resident
from tests.integration.mechanisms.transports import DirectTransport
from tests.integration.vendor.people import Vendor
from tests.support.books import prove_urls

RICE_PAISE = 1050
PROOFS = 50
TRADERS = 3

_names = itertools.count()


@dataclass
class Trade:
    """A shop, a resident with 1,000 rupees, and the wire between the services."""

    apps: dict[str, Flask]
    wire: DirectTransport
    vendor: Vendor
    resident: Resident
    item_id: int

    def order(self, pieces: int = 2) -> int:
        self.resident.fill(self.item_id, quantity=pieces)
        return int(self.resident.confirm()["order_id"])

    def give_back(self, order_id: int) -> None:
        body = {"reason": "Stale", "items": [{"item_id": self.item_id, "quantity": 1}]}
        self.vendor.post(f"/vendor/orders/{order_id}/return/initiate", body)
        self.vendor.post(f"/vendor/orders/{order_id}/return/complete", {})

    def proven(self) -> ledger.Whole:
        return prove_urls(*(app.config["SQLALCHEMY_DATABASE_URI"] for app in self.apps.values()))

    @contextmanager
    def planted(self, side: str, change: str, back: str) -> Iterator[None]:
        """The database as somebody who may do everything has changed it, and afterwards as it was."""
        for statement in (change, back):
            with self.apps[side].app_context(), transaction() as session:
                session.execute(text(statement))
            if statement == change:
                yield
        assert self.proven().problems == []


def make_trade(apps: dict[str, Flask], wire: DirectTransport) -> Trade:
    society = f"Proof {next(_names)} {secrets.token_hex(4)}"
    vendor = Vendor(apps["vendor"], "vendor", society)
    vendor.open_shop()
    item_id = vendor.add_item("Rice", RICE_PAISE / 100, 10_000)
    resident = Resident(apps["consumer"], society)
    resident.load(1000)
    return Trade(apps, wire, vendor, resident, item_id)


@pytest.fixture
def trade(apps: dict[str, Flask], wire: DirectTransport) -> Trade:
    return make_trade(apps, wire)


def test_a_balance_off_by_one_paisa_is_found(trade: Trade) -> None:
    wallet = f"wallet:{trade.resident.user_id}"
    change = "UPDATE ledger_accounts SET balance_paise = balance_paise {} 1 WHERE name = '" + wallet + "'"
    with trade.planted("consumer", change.format("+"), change.format("-")):
        assert trade.proven().problems == [
            f"consumer: balance differs from its postings: {wallet}, off by 1 paise",
            "consumer: money out of nowhere: all accounts, off by 1 paise",
        ]


def test_an_open_hold_of_an_order_that_is_over_is_found(trade: Trade) -> None:
    order_id = trade.order()
    change = f"UPDATE orders SET status = '{{}}' WHERE id = {order_id}"
    with trade.planted("consumer", change.format("cancelled"), change.format("pending")):
        assert trade.proven().problems == [
            f"consumer: held otherwise than its order says: order:{order_id}, off by 2100 paise"
        ]


def test_an_open_order_without_its_hold_is_found(trade: Trade) -> None:
    order_id = trade.order()
    trade.resident.cancel(order_id)
    change = f"UPDATE orders SET status = '{{}}' WHERE id = {order_id}"
    with trade.planted("consumer", change.format("accepted"), change.format("cancelled")):
        assert trade.proven().problems == [
            f"consumer: held otherwise than its order says: order:{order_id}, off by -2100 paise"
        ]


def test_a_delivered_order_for_another_amount_than_captured_is_found(trade: Trade) -> None:
    order_id = trade.order()
    trade.vendor.set_status(order_id, "delivered")
    change = f"UPDATE orders SET total_paise = total_paise {{}} 7 WHERE id = {order_id}"
    with trade.planted("consumer", change.format("+"), change.format("-")):
        assert trade.proven().problems == [
            f"consumer: owed otherwise than its order says: order:{order_id}, off by -7 paise"
        ]


def test_money_in_flight_is_no_problem_until_its_message_is_lost(trade: Trade) -> None:
    before = trade.proven().clearing.in_flight_paise
    order_id = trade.order()
    trade.wire.loses_replies = 1
    trade.vendor.set_status(order_id, "delivered")
    trade.wire.loses_replies = 0
    found = trade.proven()
    assert found.problems == []
    assert found.clearing.in_flight_paise - before == 2100
    lost = f"UPDATE outbox SET done_at = {{}} WHERE key = 'moved:{order_id}:2'"
    with trade.planted("vendor", lost.format("CURRENT_TIMESTAMP"), lost.format("NULL")):
        assert trade.proven().problems == [
            f"clearing: captured, and no message settles it: capture:{order_id}, off by 2100 paise"
        ]


def test_a_refund_whose_message_is_lost_is_found(trade: Trade) -> None:
    order_id = trade.order()
    trade.vendor.set_status(order_id, "delivered")
    trade.wire.is_cut = True
    trade.give_back(order_id)
    trade.wire.is_cut = False
    assert trade.proven().problems == []
    lost = f"UPDATE outbox SET done_at = {{}} WHERE key LIKE 'moved:{order_id}:%' AND key <> 'moved:{order_id}:2'"
    with trade.planted("vendor", lost.format("CURRENT_TIMESTAMP"), lost.format("NULL")):
        assert trade.proven().problems == [
            f"clearing: given back, and no message refunds it: refund:{order_id}:1, off by 1050 paise"
        ]


def test_a_return_that_says_another_refund_than_was_given_is_found(trade: Trade) -> None:
    order_id = trade.order()
    trade.vendor.set_status(order_id, "delivered")
    trade.give_back(order_id)
    change = f"UPDATE vendor_returns SET refund_paise = refund_paise {{}} 1 WHERE order_id = {order_id}"
    with trade.planted("vendor", change.format("+"), change.format("-")):
        assert trade.proven().problems == [
            f"vendor: given back otherwise than its returns say: order:{order_id}, off by -1 paise"
        ]


def test_a_payout_hold_without_its_payout_is_found(trade: Trade) -> None:
    order_id = trade.order()
    trade.vendor.set_status(order_id, "delivered")
    trade.vendor.set_bank()
    payout_id = trade.vendor.withdraw(10.01)["payout_id"]
    change = f"UPDATE payouts SET amount_paise = amount_paise {{}} 3 WHERE id = {payout_id}"
    with trade.planted("vendor", change.format("-"), change.format("+")):
        assert trade.proven().problems == [
            f"vendor: held otherwise than its payout says: payout:{payout_id}, off by 3 paise"
        ]


def test_the_proof_holds_while_money_moves(apps: dict[str, Flask], wire: DirectTransport) -> None:
    """Fifty proofs, each in the middle of what some traders do: not one false alarm."""
    stop = threading.Event()
    failed: list[Exception] = []
    trades = [make_trade(apps, wire) for _ in range(TRADERS)]
    rounds = [0] * TRADERS

    def go_on(index: int) -> None:
        trade = trades[index]
        try:
            while not stop.is_set():
                trade.resident.load(42)
                order_id = trade.order()
                if rounds[index] % 3 == 0:
                    trade.resident.cancel(order_id)
                else:
                    trade.vendor.set_status(order_id, "delivered")
                    trade.give_back(order_id)
                rounds[index] += 1
        except Exception as error:  # noqa: BLE001 — the edge of this thread: the test tells of it
            failed.append(error)

    threads = [threading.Thread(target=go_on, args=(index,)) for index in range(TRADERS)]
    for thread in threads:
        thread.start()
    try:
        alarms = [problem for _ in range(PROOFS) for problem in trades[0].proven().problems]
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert failed == []
    assert alarms == []
    assert min(rounds) >= 2, f"too little has moved: {rounds}"


def test_the_commands_say_what_is_wrong_and_end_with_1(trade: Trade) -> None:
    order_id = trade.order()
    urls = {side: app.config["SQLALCHEMY_DATABASE_URI"] for side, app in trade.apps.items()}

    def platform() -> tuple[int, str]:
        said = io.StringIO()
        return command.verify(urls, Console(said)), said.getvalue()

    runner = {side: app.test_cli_runner() for side, app in trade.apps.items()}
    for each in runner.values():
        right = each.invoke(args=["ledger-verify"])
        assert right.exit_code == 0, right.output
        assert right.output.startswith("The ledger is right: ")
    status, said = platform()
    assert status == 0
    assert said.splitlines()[-1] == "The ledgers are right."
    change = f"UPDATE orders SET status = '{{}}' WHERE id = {order_id}"
    with trade.planted("consumer", change.format("cancelled"), change.format("pending")):
        wrong = runner["consumer"].invoke(args=["ledger-verify"])
        assert wrong.exit_code == 1
        assert wrong.output.splitlines() == [
            f"held otherwise than its order says: order:{order_id}, off by 2100 paise",
            "The ledger is wrong: 1 problems, 2100 paise.",
        ]
        assert runner["vendor"].invoke(args=["ledger-verify"]).exit_code == 0
        status, said = platform()
    assert status == 1
    assert f"consumer: held otherwise than its order says: order:{order_id}, off by 2100 paise" in said
    assert said.splitlines()[-1] == "The ledgers are wrong by 2100 paise."


def test_each_night_the_verdict_is_kept_and_what_is_wrong_is_logged(
    trade: Trade, caplog: pytest.LogCaptureFixture
) -> None:
    order_id = trade.order()
    app = trade.apps["consumer"]

    def tonight() -> int:
        with app.app_context():
            return ledger.prove_nightly()

    def kept() -> ledger.KeptVerdict | None:
        with app.app_context(), reading() as session:
            return ledger.latest_verdict(session)

    with app.app_context(), transaction() as session:
        session.execute(delete(verdicts))
    assert kept() is None
    assert (tonight(), tonight()) == (1, 0), "once a day, however often it is called"
    right = kept()
    assert right is not None
    assert (right.problems, right.paise_off) == (0, 0)
    with app.app_context(), transaction() as session:
        session.execute(verdicts.update().values(checked_at=after(-24 * 3600)))
    change = f"UPDATE orders SET status = '{{}}' WHERE id = {order_id}"
    caplog.clear()
    caplog.set_level("ERROR", logger="habrio_shared.ledger.proof")
    with trade.planted("consumer", change.format("cancelled"), change.format("pending")):
        assert tonight() == 1
    wrong = kept()
    assert wrong is not None
    assert (wrong.problems, wrong.paise_off) == (1, 2100)
    assert wrong.checked_at > right.checked_at
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert errors == [
        f"ledger: held otherwise than its order says: order:{order_id}, off by 2100 paise",
        "ledger: WRONG, 1 problems, 2100 paise",
    ]
    with app.app_context(), reading() as session:
        assert len(session.scalars(select(verdicts.c.id)).all()) == 2
