"""Handing payouts over: whatever the provider, the network or the worker does, each is paid or comes back, once."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import update

from habrio_shared import faults
from habrio_shared.database import after, db_now, transaction
from habrio_shared.outbox.deliver import ALARMING_ATTEMPTS
from habrio_vendor.clients import payout_provider
from habrio_vendor.clients.payout_provider import HttpProvider, Outcome
from habrio_vendor.payouts import send as sending
from habrio_vendor.payouts.models import Payout
from habrio_vendor.payouts.send import send_due
from habrio_vendor.payouts.settle import settle
from habrio_vendor.payouts.tasks import send_payouts
from tests.integration.vendor.people import World
from tests.integration.vendor.test_payouts import books, row
from tests.support.at_once import at_once
from tests.support.payout_provider import KEY, PayoutProvider, running_payout_provider
from tests.support.waiting import until

BRIEF_SECONDS = 0.3
KILLED = -signal.SIGKILL
MARKED = "vendor.payouts.send.after_commit"
SETTLING, SETTLED = "vendor.payouts.settle.before_commit", "vendor.payouts.settle.after_commit"
REQUEST = "vendor.payouts.withdraw"
WORKER = (
    "from habrio_vendor.app import create_app; from habrio_vendor.payouts.send import send_due; app = create_app();"
    "context = app.app_context(); context.push(); send_due()"
)


@pytest.fixture
def bank() -> Iterator[PayoutProvider]:
    with running_payout_provider() as provider:
        yield provider


@pytest.fixture
def rich(world: World, bank: PayoutProvider, monkeypatch: pytest.MonkeyPatch) -> World:
    """A vendor with 500 rupees; the service's provider is `bank`. What other tests have left is not due."""
    monkeypatch.setitem(world.app.extensions, payout_provider.EXTENSION, HttpProvider(bank.url, KEY))
    with world.app.app_context(), transaction() as session:
        later = update(Payout).where(Payout.settled_at.is_(None)).values(next_try_at=after(86_400))
        session.execute(later)
    world.vendor.set_bank()
    world.give(world.vendor, 500)
    return world


def asked_for(world: World, amount: float = 100) -> Payout:
    return row(world, world.vendor.withdraw(amount)["payout_id"])


def run(world: World) -> int:
    """One run of the worker's task."""
    with world.app.app_context():
        return send_due()


def make_due(world: World, payout: Payout) -> None:
    """Its pause, or the lease of who died with it, is over."""
    with world.app.app_context(), transaction() as session:
        session.execute(update(Payout).where(Payout.id == payout.id).values(next_try_at=db_now()))


def run_again(world: World, payout: Payout) -> int:
    make_due(world, payout)
    return run(world)


def assert_paid(world: World, bank: PayoutProvider, payout: Payout) -> None:
    """Paid once, there and here."""
    assert bank.paid[payout.key] == 1
    assert world.vendor.payouts()[0]["status"] == "paid"
    assert world.vendor.payouts()[0]["reference"] == f"UTR-{payout.key[:6]}"
    assert world.vendor.transactions()[0] == ("withdrawal", payout.amount_paise / 100, "success")
    assert world.vendor.balance() == 500 - payout.amount_paise / 100
    books(world)


def test_a_payout_is_sent_with_the_bank_of_the_vendor_and_its_money_is_booked_to_the_bank(
    rich: World, bank: PayoutProvider
) -> None:
    payout = asked_for(rich, 120.5)
    before = books(rich).totals
    assert run(rich) == 1
    assert_paid(rich, bank, payout)
    at_bank = bank.payouts[payout.key]
    assert (at_bank["amount_paise"], at_bank["currency"]) == (12050, "INR")
    assert (at_bank["account_number"], at_bank["ifsc_code"]) == ("001234567890", "SBIN0001234")
    assert bank.verbs() == ["POST"]
    totals = books(rich).totals
    assert totals["bank"] - before.get("bank", 0) == 12050
    assert totals.get("payout_hold", 0) - before["payout_hold"] == -12050
    assert run_again(rich, payout) == 0
    assert bank.verbs() == ["POST"]


@pytest.mark.parametrize("mood", ["dies", "hangs up", "paid, then 500", "misled"])
def test_a_payout_that_was_paid_without_a_proper_answer_is_asked_for_and_not_sent_again(
    rich: World, bank: PayoutProvider, mood: str
) -> None:
    bank.moods = [mood]
    payout = asked_for(rich)
    run(rich)
    if mood != "misled":  # that one is asked for at once
        assert row(rich, payout.id).status == "sent"
        assert rich.vendor.transactions()[0] == ("withdrawal", 100, "pending")
        assert run_again(rich, payout) == 1
    assert bank.verbs(payout.key) == ["POST", "GET"]
    assert_paid(rich, bank, payout)


def test_a_provider_that_answers_late_is_not_waited_for_and_is_asked_later(
    rich: World, bank: PayoutProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payout_provider, "READ_TIMEOUT_SECONDS", BRIEF_SECONDS)
    bank.moods = ["late"]
    payout = asked_for(rich)
    assert run(rich) == 0
    waiting = row(rich, payout.id)
    assert (waiting.status, waiting.attempts, waiting.last_error) == ("sent", 1, "POST: ReadTimeout")
    bank.go_on.set()
    monkeypatch.undo()
    monkeypatch.setitem(rich.app.extensions, payout_provider.EXTENSION, HttpProvider(bank.url, KEY))
    assert run_again(rich, payout) == 1
    assert_paid(rich, bank, payout)


def test_a_request_that_reaches_the_provider_after_it_was_given_up_pays_nothing_more(
    rich: World, bank: PayoutProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payout_provider, "READ_TIMEOUT_SECONDS", BRIEF_SECONDS)
    bank.moods = ["takes it late"]
    payout = asked_for(rich)
    assert run(rich) == 0
    monkeypatch.setattr(payout_provider, "READ_TIMEOUT_SECONDS", 10.0)
    assert run_again(rich, payout) == 1
    bank.go_on.set()
    assert bank.turned_away.wait(10)
    assert bank.verbs(payout.key) == ["POST", "GET", "POST"]
    assert_paid(rich, bank, payout)


@pytest.mark.parametrize("mood", ["500", "503", "garbage", "another payout", "duplicate"])
def test_a_payout_that_the_provider_did_not_take_is_sent_again_under_the_same_id(
    rich: World, bank: PayoutProvider, mood: str
) -> None:
    bank.moods = [mood]
    payout = asked_for(rich)
    assert run(rich) == 0
    assert bank.paid[payout.key] == 0
    assert row(rich, payout.id).last_error
    assert run_again(rich, payout) == 1
    assert bank.verbs(payout.key)[-2:] == ["GET", "POST"]
    assert_paid(rich, bank, payout)


def test_nothing_is_sent_while_it_cannot_be_asked_whether_it_was(rich: World, bank: PayoutProvider) -> None:
    bank.moods, bank.asks_to_fail = ["paid, then 500"], 2
    payout = asked_for(rich)
    run(rich)
    assert (run_again(rich, payout), run_again(rich, payout)) == (0, 0)
    assert bank.verbs(payout.key) == ["POST", "GET", "GET"]
    assert run_again(rich, payout) == 1
    assert_paid(rich, bank, payout)


@pytest.mark.parametrize("mood", ["failed", "422"])
def test_a_payout_that_fails_comes_back_to_the_wallet_once(rich: World, bank: PayoutProvider, mood: str) -> None:
    bank.moods = [mood]
    payout = asked_for(rich)
    assert run(rich) == 1
    for _ in range(2):
        assert rich.vendor.balance() == 500
        assert rich.vendor.transactions()[:2] == [("credit", 100, "success"), ("withdrawal", 100, "failed")]
        [shown] = rich.vendor.payouts()
        assert (shown["status"], shown["reason"]) == ("failed", "The account is closed")
        assert run_again(rich, payout) == 0
    assert bank.paid[payout.key] == 0
    assert rich.vendor.withdraw(500)["balance"] == 0, "what came back can be withdrawn again"
    books(rich)


def test_a_pending_payout_is_asked_for_until_it_is_paid(rich: World, bank: PayoutProvider) -> None:
    bank.moods = ["pending"]
    payout = asked_for(rich)
    assert run(rich) == 1
    assert run_again(rich, payout) == 1
    waiting = row(rich, payout.id)
    assert (waiting.status, waiting.attempts, waiting.last_error) == ("sent", 0, None)
    assert run(rich) == 0, "it is not asked for at every moment"
    bank.pay_pending()
    assert run_again(rich, payout) == 1
    assert bank.verbs(payout.key) == ["POST", "GET", "GET"]
    assert_paid(rich, bank, payout)


def test_a_provider_that_is_away_ends_the_run_and_loses_nothing(
    rich: World, bank: PayoutProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = HttpProvider("http://127.0.0.1:1/v1", KEY)
    nowhere.name = HttpProvider(bank.url, KEY).name
    monkeypatch.setitem(rich.app.extensions, payout_provider.EXTENSION, nowhere)
    first, second = asked_for(rich, 1), asked_for(rich, 2)
    assert run(rich) == 0
    assert (row(rich, first.id).status, row(rich, second.id).status) == ("sent", "requested")
    monkeypatch.setitem(rich.app.extensions, payout_provider.EXTENSION, HttpProvider(bank.url, KEY))
    assert run_again(rich, first) == 2
    assert (bank.paid[first.key], bank.paid[second.key]) == (1, 1)
    books(rich)


def test_a_run_ends_after_fifty_payouts(rich: World, bank: PayoutProvider) -> None:
    for _ in range(51):
        rich.vendor.withdraw(1)
    assert (run(rich), run(rich)) == (50, 1)
    assert sorted(bank.paid.values()) == [1] * 51


def test_a_payout_with_which_something_is_wrong_does_not_hold_the_others_up(rich: World, bank: PayoutProvider) -> None:
    bank.moods = ["garbage"]
    first, second = asked_for(rich, 1), asked_for(rich, 2)
    assert run(rich) == 1
    assert (row(rich, first.id).status, row(rich, second.id).status) == ("sent", "paid")


def test_an_account_number_that_cannot_be_opened_waits_for_its_key_and_holds_nobody_up(
    rich: World, bank: PayoutProvider
) -> None:
    first, second = asked_for(rich, 1), asked_for(rich, 2)

    def seal_of_first(sealed: str) -> None:
        with rich.app.app_context(), transaction() as session:
            session.execute(update(Payout).where(Payout.id == first.id).values(account_sealed=sealed))

    seal_of_first("sealed under a key that is lost")
    assert run(rich) == 1
    assert "NotOurSeal" in str(row(rich, first.id).last_error)
    assert (bank.paid[first.key], bank.paid[second.key]) == (0, 1)
    seal_of_first(first.account_sealed)
    assert run_again(rich, first) == 1
    assert bank.paid[first.key] == 1
    books(rich)


def test_a_wrong_key_of_ours_fails_no_payout(
    rich: World, bank: PayoutProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rich.app.extensions, payout_provider.EXTENSION, HttpProvider(bank.url, "wrong"))
    payout = asked_for(rich)
    assert run(rich) == 0
    assert (bank.strangers, row(rich, payout.id).last_error) == (1, "it answered 401")
    monkeypatch.setitem(rich.app.extensions, payout_provider.EXTENSION, HttpProvider(bank.url, KEY))
    run_again(rich, payout)
    assert_paid(rich, bank, payout)


def test_what_one_provider_may_have_is_never_given_to_another(
    rich: World, bank: PayoutProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank.moods = ["paid, then 500"]
    payout = asked_for(rich)
    run(rich)
    with running_payout_provider() as other:
        monkeypatch.setitem(rich.app.extensions, payout_provider.EXTENSION, HttpProvider(other.url, KEY))
        assert run_again(rich, payout) == 0
        assert other.requests == []
        assert "the provider is" in str(row(rich, payout.id).last_error)
    monkeypatch.setitem(rich.app.extensions, payout_provider.EXTENSION, HttpProvider(bank.url, KEY))
    run_again(rich, payout)
    assert_paid(rich, bank, payout)


def test_many_workers_at_once_send_each_payout_once(rich: World, bank: PayoutProvider) -> None:
    payouts = [asked_for(rich, amount) for amount in range(1, 13)]
    at_once(*[lambda: run(rich)] * 4)
    assert [bank.paid[payout.key] for payout in payouts] == [1] * 12
    assert sorted(bank.verbs()) == ["POST"] * 12
    assert {payout["status"] for payout in rich.vendor.payouts()} == {"paid"}
    books(rich)


def test_two_workers_that_hear_the_same_settle_it_once(rich: World, bank: PayoutProvider) -> None:
    bank.moods = ["dies"]
    payout = asked_for(rich)
    run(rich)

    def hear() -> None:
        with rich.app.app_context():
            settle(payout.id, Outcome("failed"))

    at_once(*[hear] * 4)
    assert rich.vendor.balance() == 500
    books(rich)


def test_a_provider_that_changes_its_mind_changes_nothing_and_is_named_in_the_log(
    rich: World, bank: PayoutProvider, caplog: pytest.LogCaptureFixture
) -> None:
    payout = asked_for(rich)
    run(rich)
    with rich.app.app_context(), caplog.at_level(logging.ERROR):
        settle(payout.id, Outcome("paid"))
        settle(payout.id, Outcome("pending"))
        assert caplog.text == "" or "is paid here and pending" in caplog.text
        settle(payout.id, Outcome("failed"))
    assert f"payout {payout.id} is paid here and failed at the provider" in caplog.text
    assert_paid(rich, bank, payout)


def test_nothing_is_settled_that_was_never_marked_as_sent(rich: World) -> None:
    payout = asked_for(rich)
    with rich.app.app_context(), pytest.raises(RuntimeError, match="requested and cannot become paid"):
        settle(payout.id, Outcome("paid"))
    assert row(rich, payout.id).status == "requested"


def test_words_that_no_database_takes_are_cleaned_and_settle_all_the_same(rich: World, bank: PayoutProvider) -> None:
    payout = asked_for(rich)
    bank.moods = ["paid, then 500"]
    run(rich)
    bank.payouts[payout.key]["reference"] = "UTR\x00\ud800 1" + "x" * 5000
    assert run_again(rich, payout) == 1
    shown = rich.vendor.payouts()[0]
    assert shown["status"] == "paid"
    assert shown["reference"].startswith("UTR 1xx") and len(shown["reference"]) == 200


def test_after_twenty_tries_the_log_alarms_and_the_tries_go_on(
    rich: World, bank: PayoutProvider, caplog: pytest.LogCaptureFixture
) -> None:
    bank.moods = ["garbage"] * 3
    payout = asked_for(rich)
    run(rich)
    with rich.app.app_context(), transaction() as session:
        session.execute(
            update(Payout).where(Payout.id == payout.id).values(attempts=ALARMING_ATTEMPTS - 2, next_try_at=db_now())
        )
    with caplog.at_level(logging.ERROR, logger="habrio_vendor.payouts.send"):
        run(rich)
        assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
        run_again(rich, payout)
        assert f"payout {payout.id}" in caplog.text and "try 20 failed" in caplog.text
    assert run_again(rich, payout) == 1
    assert_paid(rich, bank, payout)


def test_a_payout_that_is_worked_on_is_left_alone_until_its_lease_is_over(rich: World, bank: PayoutProvider) -> None:
    payout = asked_for(rich)
    with rich.app.app_context():
        taken, is_new = sending._claim(HttpProvider(bank.url, KEY))
        assert taken is not None and (taken.id, is_new) == (payout.id, True)
        assert send_due() == 0
    assert bank.requests == []
    assert run_again(rich, payout) == 1
    assert bank.verbs(payout.key) == ["GET", "POST"]
    assert_paid(rich, bank, payout)


@pytest.mark.parametrize("point", [MARKED, "payouts.after_call", SETTLING, SETTLED])
def test_a_worker_that_is_killed_anywhere_leaves_a_payout_that_another_ends_rightly(
    rich: World, bank: PayoutProvider, point: str
) -> None:
    payout = asked_for(rich)
    assert worker(rich, bank, f"{point}:kill") == KILLED
    before = row(rich, payout.id).status
    assert before == ("paid" if point == SETTLED else "sent")
    run_again(rich, payout)
    assert bank.verbs(payout.key).count("POST") == 1
    assert_paid(rich, bank, payout)


def test_a_worker_that_is_killed_with_a_refusal_in_its_hands_gives_the_money_back_once(
    rich: World, bank: PayoutProvider
) -> None:
    bank.moods = ["failed"]
    payout = asked_for(rich)
    assert worker(rich, bank, f"{SETTLING}:kill") == KILLED
    assert rich.vendor.balance() == 400
    run_again(rich, payout)
    assert rich.vendor.balance() == 500
    books(rich)


def test_a_request_that_is_broken_off_before_its_commit_leaves_nothing_and_after_it_a_payout(
    rich: World, bank: PayoutProvider
) -> None:
    for point, balance, payouts in ((f"{REQUEST}.before_commit", 500, 0), (f"{REQUEST}.after_commit", 400, 1)):
        faults.arm(faults.parse(f"{point}:raise"))
        try:
            assert rich.vendor.raw("POST", "/vendor/wallet/withdraw", json={"amount": 100}).status_code == 500
        finally:
            faults.arm([])
        assert (rich.vendor.balance(), len(rich.vendor.payouts())) == (balance, payouts)
    assert run(rich) == 1, "without the nudge the next scan finds it"
    books(rich)


def worker(world: World, bank: PayoutProvider, fault: str) -> int:
    """A worker's process with its own settings and one run of the task; its exit status."""
    settings: Any = world.app.extensions["habrio_settings"]
    environ = {
        "PATH": os.environ["PATH"],
        "APP_ENV": "testing",
        "LOG_LEVEL": "ERROR",
        "DATABASE_URL": settings.database_url,
        "PAYOUT_PROVIDER": "http",
        "PAYOUT_PROVIDER_URL": bank.url,
        "FAULTS": fault,
        **{name.upper(): secret for name, secret in settings.secrets().items()},
        "PAYOUT_PROVIDER_KEY": KEY,
    }
    return subprocess.run([sys.executable, "-c", WORKER], env=environ, check=False, timeout=60).returncode


def test_one_run_at_a_time_leaves_the_workers_other_thread_to_other_tasks(rich: World, bank: PayoutProvider) -> None:
    bank.moods = ["late"]
    asked_for(rich)
    asked_for(rich)

    def task() -> int:
        with rich.app.app_context():
            return int(send_payouts())

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(task)
        until(lambda: bool(bank.requests), seconds=10, what="the first run is at the provider")
        assert task() == 0
        bank.go_on.set()
        assert first.result(10) == 2


def test_the_request_does_not_wait_for_the_worker_and_the_worker_is_told(
    rich: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(rich.app.extensions["celery"], "send_task", lambda name, **_options: told.append(name))
    rich.vendor.withdraw(10)
    until(lambda: told == ["vendor.send_payouts"], seconds=10, what="the worker is told")
