"""Every money flow of both ledgers (DESIGN.md §5), in whatever order: the ledgers agree with dictionaries, and the
proof over both finds nothing but what is in flight."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text, update

from habrio_shared import ledger
from habrio_shared.contracts.message import Message
from habrio_shared.contracts.orders import MOVED
from habrio_shared.database import db_now, reading, transaction
from habrio_shared.ledger import Account, Entry, InsufficientFunds, moves
from habrio_shared.ledger.tables import entries, postings
from habrio_shared.outbox.tables import outbox
from tests.integration.mechanisms.conftest import World

WORLD, ESCROW, DUE_TO_VENDORS = Account("world"), Account("escrow"), Account("due:vendor")
DUE_FROM_CONSUMER, COMMISSION = Account("due:consumer"), Account("commission")
PAYOUT_HOLD, BANK, ADJUSTMENTS = Account("payout_hold"), Account("bank"), Account("adjustments")
BASIS_POINTS = 750

USERS = st.integers(1, 2)
PAISE = st.integers(1, 900)
WHICH = st.integers(0, 9)
"""Taken modulo how many there are."""


def wallet(user_id: int) -> Account:
    return Account(f"wallet:{user_id}", floor_paise=0)


def commission(paise: int) -> int:
    return paise * BASIS_POINTS // 10_000


@dataclass
class Order:
    """What plain bookkeeping knows of an order."""

    id: int
    user: int
    charged: int
    open_hold: str
    changes: int = 0
    state: str = "open"
    returned: int = 0
    returns: dict[int, int] = field(default_factory=dict)
    refunded: set[int] = field(default_factory=set)
    is_settled: bool = False


class Flows(RuleBasedStateMachine):
    """Two customers and one vendor, and what money does between them."""

    world: World
    wipe: str

    def __init__(self) -> None:
        super().__init__()
        self.books: dict[str, Counter[str]] = {"consumer": Counter(), "vendor": Counter()}
        self.orders: list[Order] = []
        self.payouts: list[tuple[int, int]] = []
        self.numbers = iter(range(1, 10_000))
        for app in (self.world.consumer, self.world.vendor):
            with app.app_context(), transaction() as session:
                for statement in self.wipe.split(";"):
                    session.execute(text(statement))

    def _post(self, side: str, entry: Entry, *, carried_by: str = "", done_with: str = "") -> bool:
        """Post as the service would, with the message that tells of it; False if a wallet holds too little."""
        app = self.world.consumer if side == "consumer" else self.world.vendor
        short = [
            name
            for name, delta in entry.deltas().items()
            if name.startswith("wallet") and self.books[side][name] + delta < 0
        ]
        with app.app_context(), transaction() as session:
            try:
                assert ledger.post(session, entry)
            except InsufficientFunds:
                assert short
                return False
            if carried_by:
                session.execute(outbox.insert().values(_row(MOVED, carried_by)))
            if done_with:
                session.execute(update(outbox).where(outbox.c.key == done_with).values(done_at=db_now()))
        assert not short
        self.books[side].update(entry.deltas())
        return True

    @initialize(is_paid=st.booleans())
    def each_flow_once(self, is_paid: bool) -> None:
        """By chance alone few orders would come as far as a return."""
        self.top_up(user=1, paise=900)
        for paise in (400, 300, 100):
            self.place(user=1, paise=paise)
        self.amend(which=0, less=60)
        self.release(which=2)
        self.deliver(which=0, settles_at_once=True)
        self.deliver(which=0, settles_at_once=False)
        self.complete_return(which=0, paise=33)
        self.refund(which=0)
        self.complete_return(which=0, paise=44)
        self.withdraw(paise=200)
        self.pay_out(which=0, is_paid=is_paid)
        assert len(self.orders[0].returns) == 2
        assert self.books["vendor"]["commission"] > 0

    # ---- the consumer's ledger

    @rule(user=USERS, paise=PAISE)
    def top_up(self, user: int, paise: int) -> None:
        self._post("consumer", Entry(f"topup:{next(self.numbers)}", "topup", moves((WORLD, wallet(user), paise))))

    @rule(side=st.sampled_from(("consumer", "vendor")), user=USERS, paise=st.integers(-300, 300).filter(bool))
    def adjust(self, side: str, user: int, paise: int) -> None:
        src, dst = (ADJUSTMENTS, wallet(user)) if paise > 0 else (wallet(user), ADJUSTMENTS)
        self._post(side, Entry(f"adjust:{next(self.numbers)}", "adjust", moves((src, dst, abs(paise)))))

    @rule(user=USERS, paise=PAISE)
    def place(self, user: int, paise: int) -> None:
        number = next(self.numbers)
        entry = Entry(f"hold:{number}", "hold", moves((wallet(user), ESCROW, paise)), reference=f"order:{number}")
        if self._post("consumer", entry):
            self.orders.append(Order(number, user, paise, entry.id))

    @rule(which=WHICH, less=st.integers(1, 200))
    def amend(self, which: int, less: int) -> None:
        order = self._one(which, "open")
        if order and less < order.charged:
            order.changes += 1
            steps = moves((ESCROW, wallet(order.user), less))
            self._resolve(order, f"amend:{order.id}:{order.changes}", steps)
            order.open_hold, order.charged = f"amend:{order.id}:{order.changes}", order.charged - less

    @rule(which=WHICH)
    def release(self, which: int) -> None:
        if order := self._one(which, "open"):
            self._resolve(order, f"release:{order.id}", moves((ESCROW, wallet(order.user), order.charged)))
            order.state = "released"

    @rule(which=WHICH, settles_at_once=st.booleans())
    def deliver(self, which: int, settles_at_once: bool) -> None:
        """The vendor's message is there before the money moves, and done with the settlement."""
        if order := self._one(which, "open"):
            with self.world.vendor.app_context(), transaction() as session:
                session.execute(outbox.insert().values(_row(MOVED, f"moved:{order.id}:2")))
            self._resolve(order, f"capture:{order.id}", moves((ESCROW, DUE_TO_VENDORS, order.charged)))
            order.state = "delivered"
            if settles_at_once:
                self._settle(order)

    @rule(which=WHICH)
    def settle(self, which: int) -> None:
        order = self._one(which, "delivered")
        if order and not order.is_settled:
            self._settle(order)

    # ---- the vendor's ledger

    @rule(which=WHICH, paise=st.integers(1, 400))
    def complete_return(self, which: int, paise: int) -> None:
        """Commission comes back by what was taken of the whole so far."""
        order = self._one(which, "delivered")
        if order is None or not order.is_settled or order.returned + paise > order.charged:
            return
        number, left = len(order.returns) + 1, order.charged - order.returned
        kept = commission(left) - commission(left - paise)
        steps = moves((wallet(9), DUE_FROM_CONSUMER, paise - kept), (COMMISSION, DUE_FROM_CONSUMER, kept))
        entry = Entry(f"refund:{order.id}:{number}", "refund", steps, reference=f"order:{order.id}")
        if self._post("vendor", entry, carried_by=f"moved:{order.id}:{2 + number}"):
            order.returned += paise
            order.returns[number] = paise

    @rule(which=WHICH)
    def refund(self, which: int) -> None:
        order = self._one(which, "delivered")
        for number, paise in order.returns.items() if order else ():
            if order and number not in order.refunded:
                steps = moves((DUE_TO_VENDORS, wallet(order.user), paise))
                entry = Entry(f"refund:{order.id}:{number}", "refund", steps, reference=f"order:{order.id}")
                assert self._post("consumer", entry)
                order.refunded.add(number)
                done = update(outbox).where(outbox.c.key == f"moved:{order.id}:{2 + number}")
                with self.world.vendor.app_context(), transaction() as session:
                    session.execute(done.values(done_at=db_now()))

    @rule(paise=PAISE)
    def withdraw(self, paise: int) -> None:
        number = next(self.numbers)
        steps = moves((wallet(9), PAYOUT_HOLD, paise))
        if self._post("vendor", Entry(f"withdraw:{number}", "withdraw", steps, reference=f"payout:{number}")):
            self.payouts.append((number, paise))

    @rule(which=WHICH, is_paid=st.booleans())
    def pay_out(self, which: int, is_paid: bool) -> None:
        if self.payouts:
            number, paise = self.payouts.pop(which % len(self.payouts))
            kind, dst = ("payout_paid", BANK) if is_paid else ("payout_failed", wallet(9))
            entry = Entry(
                *(f"{kind}:{number}", kind, moves((PAYOUT_HOLD, dst, paise)), f"withdraw:{number}", f"payout:{number}")
            )
            assert self._post("vendor", entry)

    # ---- what is always so

    @invariant()
    def every_account_holds_what_the_dictionary_says(self) -> None:
        for side, app in (("consumer", self.world.consumer), ("vendor", self.world.vendor)):
            with app.app_context(), reading() as session:
                for name, paise in self.books[side].items():
                    account = Account(name, 0) if name.startswith("wallet") else Account(name)
                    assert ledger.balance(session, account) == paise, (side, name)

    @invariant()
    def the_proof_finds_what_is_in_flight_and_no_problem(self) -> None:
        found = prove(self.world)
        assert found.problems == []
        delivered = [order for order in self.orders if order.state == "delivered"]
        unsettled = sum(order.charged for order in delivered if not order.is_settled)
        unrefunded = sum(
            paise for order in delivered for number, paise in order.returns.items() if number not in order.refunded
        )
        assert found.clearing.in_flight_paise == unsettled + unrefunded
        assert found.is_one_instant == (self.world.dialect == "postgresql")

    # ---- how

    def _one(self, which: int, state: str) -> Order | None:
        there = [order for order in self.orders if order.state == state]
        return there[which % len(there)] if there else None

    def _resolve(self, order: Order, entry_id: str, steps: tuple[ledger.Posting, ...]) -> None:
        kind = entry_id.partition(":")[0]
        assert self._post("consumer", Entry(entry_id, kind, steps, order.open_hold, f"order:{order.id}"))

    def _settle(self, order: Order) -> None:
        kept = commission(order.charged)
        steps = moves((DUE_FROM_CONSUMER, wallet(9), order.charged - kept), (DUE_FROM_CONSUMER, COMMISSION, kept))
        entry = Entry(f"settle:{order.id}", "settle", steps, reference=f"order:{order.id}")
        assert self._post("vendor", entry, done_with=f"moved:{order.id}:2")
        order.is_settled = True


def _row(message: Message[Any, Any], key: str) -> dict[str, Any]:
    words = {
        "key": key,
        "kind": message.kind,
        "target": message.target,
        "body": {},
        "request_id": "",
        "traceparent": "",
    }
    return {**words, "created_at": db_now(), "next_try_at": db_now(), "attempts": 0}


def prove(world: World) -> ledger.Whole:
    consumer, vendor = (app.config["SQLALCHEMY_DATABASE_URI"] for app in (world.consumer, world.vendor))
    return ledger.verify_both(ledger.Ledger(consumer), ledger.Ledger(vendor))


TABLES = ("ledger_postings", "ledger_entries", "ledger_accounts", "outbox")


def test_both_ledgers_agree_with_dictionaries_through_every_flow(world: World) -> None:
    wipe = f"TRUNCATE {', '.join(TABLES)}"
    if world.dialect == "sqlite":
        wipe = "; ".join(f"DELETE FROM {table}" for table in TABLES)
        for app in (world.consumer, world.vendor):
            with app.app_context(), transaction() as session:
                for table in (entries, postings):
                    session.execute(text(f"DROP TRIGGER {table.name}_no_delete"))
    machine = type("FlowsHere", (Flows,), {"world": world, "wipe": wipe})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
