"""Whatever is posted in whatever order, the ledger agrees with a dictionary."""

from __future__ import annotations

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from habrio_shared import ledger
from habrio_shared.database import reading, snapshot, transaction
from habrio_shared.ledger import Account, AlreadyResolved, Entry, InsufficientFunds, LedgerConflict, moves
from tests.integration.mechanisms.conftest import World

WORLD, ESCROW, DUE = Account("world"), Account("escrow"), Account("due:vendor")
USERS = st.integers(1, 3)
AMOUNTS = st.integers(1, 500)
NUMBERS = st.integers(1, 6)


def wallet(user_id: int) -> Account:
    return Account(f"wallet:{user_id}", floor_paise=0)


class Books(RuleBasedStateMachine):
    """Two books of the same society: the ledger, and plain dictionaries that follow the rules as one would say them."""

    app: Flask
    forget_all: str

    def __init__(self) -> None:
        super().__init__()
        self.balances: dict[str, int] = {}
        self.posted: dict[str, Entry] = {}
        with self.app.app_context(), transaction() as session:
            for statement in self.forget_all.split(";"):
                session.execute(text(statement))

    def _expected(self, entry: Entry) -> bool | type[Exception]:
        if entry.id in self.posted:
            return False if self.posted[entry.id] == entry else LedgerConflict
        if entry.resolves is not None:
            if entry.resolves not in self.posted:
                return LedgerConflict
            if any(other.resolves == entry.resolves for other in self.posted.values()):
                return AlreadyResolved
        for name, delta in entry.deltas().items():
            if name.startswith("wallet") and self.balances.get(name, 0) + delta < 0:
                return InsufficientFunds
        return True

    def _post(self, entry: Entry) -> None:
        expected = self._expected(entry)
        outcome: bool | type[Exception]
        with self.app.app_context(), transaction() as session:
            try:
                outcome = ledger.post(session, entry)
            except (AlreadyResolved, InsufficientFunds, LedgerConflict) as error:
                outcome = type(error)
        assert outcome == expected, entry
        if outcome is True:
            self.posted[entry.id] = entry
            for name, delta in entry.deltas().items():
                self.balances[name] = self.balances.get(name, 0) + delta

    @rule(number=NUMBERS, user=USERS, paise=AMOUNTS)
    def top_up(self, number: int, user: int, paise: int) -> None:
        self._post(Entry(f"topup:{number}", "topup", moves((WORLD, wallet(user), paise))))

    @rule(order=NUMBERS, user=USERS, paise=AMOUNTS)
    def hold(self, order: int, user: int, paise: int) -> None:
        self._post(Entry(f"hold:{order}", "hold", moves((wallet(user), ESCROW, paise))))

    @rule(order=NUMBERS)
    def release(self, order: int) -> None:
        held = self.posted.get(f"hold:{order}")
        owner, paise = (held.postings[0].src, held.postings[0].amount_paise) if held else (wallet(1), 1)
        self._post(Entry(f"release:{order}", "release", moves((ESCROW, owner, paise)), resolves=f"hold:{order}"))

    @rule(order=NUMBERS)
    def capture(self, order: int) -> None:
        held = self.posted.get(f"hold:{order}")
        paise = held.postings[0].amount_paise if held else 1
        self._post(Entry(f"capture:{order}", "capture", moves((ESCROW, DUE, paise)), resolves=f"hold:{order}"))

    @rule(number=NUMBERS, payer=USERS, payee=USERS, paise=AMOUNTS)
    def transfer(self, number: int, payer: int, payee: int, paise: int) -> None:
        """Two guarded accounts in one entry."""
        if payer != payee:
            self._post(Entry(f"transfer:{number}", "transfer", moves((wallet(payer), wallet(payee), paise))))

    @rule(user=USERS)
    def overdraw(self, user: int) -> None:
        paise = self.balances.get(wallet(user).name, 0) + 1
        self._post(Entry(f"overdraw:{user}:{paise}", "withdraw", moves((wallet(user), WORLD, paise))))

    @invariant()
    def every_account_agrees(self) -> None:
        with self.app.app_context(), reading() as session:
            for account in (WORLD, ESCROW, DUE, wallet(1), wallet(2), wallet(3)):
                assert ledger.balance(session, account) == self.balances.get(account.name, 0)

    def teardown(self) -> None:
        with self.app.app_context(), snapshot() as session:
            verdict = ledger.verify(session)
            seen = ledger.history(session, wallet(1), limit=100)
        assert verdict.is_right, verdict.problems
        assert verdict.entries == len(self.posted)
        assert sum(move.delta_paise for move in seen) == self.balances.get("wallet:1", 0)


TABLES = ("ledger_postings", "ledger_entries", "ledger_accounts")


def test_the_ledger_agrees_with_a_dictionary(world: World) -> None:
    if world.dialect == "postgresql":
        forget_all = f"TRUNCATE {', '.join(TABLES)}"
    else:
        with world.consumer.app_context(), transaction() as session:
            for name in ("ledger_entries_no_delete", "ledger_postings_no_delete"):
                session.execute(text(f"DROP TRIGGER {name}"))
        forget_all = "DELETE FROM ledger_postings; DELETE FROM ledger_entries; DELETE FROM ledger_accounts"
    machine = type("BooksHere", (Books,), {"app": world.consumer, "forget_all": forget_all})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
