"""The ledger keeps every paisa: entries are whole, once, and for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from habrio_shared import ledger
from habrio_shared.database import reading, snapshot, transaction
from habrio_shared.ledger import (
    Account,
    AlreadyResolved,
    Entry,
    InsufficientFunds,
    LedgerConflict,
    append_only_ddl,
    moves,
)
from habrio_shared.ledger.tables import accounts, entries, postings
from tests.integration.mechanisms.conftest import World

WORLD, ESCROW, DUE = Account("world"), Account("escrow"), Account("due:vendor")


def wallet(user_id: int) -> Account:
    return Account(f"wallet:{user_id}", floor_paise=0)


def top_up(number: int, user_id: int, paise: int) -> Entry:
    return Entry(f"topup:{number}", "topup", moves((WORLD, wallet(user_id), paise)), reference="bank 1")


def hold(order: int, user_id: int, paise: int) -> Entry:
    return Entry(f"hold:{order}", "hold", moves((wallet(user_id), ESCROW, paise)))


def release(order: int, user_id: int, paise: int) -> Entry:
    return Entry(f"release:{order}", "release", moves((ESCROW, wallet(user_id), paise)), resolves=f"hold:{order}")


def capture(order: int, paise: int) -> Entry:
    return Entry(f"capture:{order}", "capture", moves((ESCROW, DUE, paise)), resolves=f"hold:{order}")


@pytest.fixture(autouse=True)
def _in_consumer(world: World) -> Iterator[None]:
    with world.consumer.app_context():
        yield


def post(*given: Entry) -> list[bool]:
    with transaction() as session:
        return [ledger.post(session, entry) for entry in given]


def balance(account: Account) -> int:
    with reading() as session:
        return ledger.balance(session, account)


def verdict() -> ledger.Verdict:
    with snapshot() as session:
        return ledger.verify(session)


def test_money_moves_between_accounts_of_both_kinds() -> None:
    assert post(top_up(1, 7, 1000)) == [True]
    assert post(hold(1, 7, 300)) == [True]
    assert (balance(wallet(7)), balance(ESCROW), balance(WORLD)) == (700, 300, -1000)
    assert balance(wallet(8)) == 0


def test_an_entry_is_posted_once_however_often_it_is_asked_for() -> None:
    assert post(top_up(1, 7, 1000)) == [True]
    assert post(top_up(1, 7, 1000)) == [False]
    assert balance(wallet(7)) == 1000


def test_a_repeat_succeeds_even_when_the_money_is_gone_by_now() -> None:
    post(top_up(1, 7, 1000), hold(1, 7, 1000))
    assert post(hold(1, 7, 1000)) == [False]


@pytest.mark.parametrize(
    "other",
    [
        top_up(1, 7, 999),
        top_up(1, 8, 1000),
        Entry("topup:1", "gift", moves((WORLD, wallet(7), 1000)), reference="bank 1"),
        Entry("topup:1", "topup", moves((WORLD, wallet(7), 1000)), reference="bank 2"),
        Entry("topup:1", "topup", moves((WORLD, wallet(7), 500), (WORLD, wallet(7), 500)), reference="bank 1"),
    ],
)
def test_another_content_under_the_same_id_is_a_conflict(other: Entry) -> None:
    post(top_up(1, 7, 1000))
    with pytest.raises(LedgerConflict, match="another content"):
        post(other)
    assert balance(wallet(7)) == 1000


def test_nobody_spends_what_he_has_not() -> None:
    post(top_up(1, 7, 1000))
    with pytest.raises(InsufficientFunds, match="Insufficient balance") as refused:
        post(hold(1, 7, 1001))
    assert (refused.value.account, refused.value.missing_paise) == ("wallet:7", 1)
    assert (refused.value.status, refused.value.word) == (400, "insufficient_balance")


def test_a_refused_entry_leaves_nothing_behind_and_the_transaction_usable() -> None:
    post(top_up(1, 7, 1000), hold(1, 7, 100), release(1, 7, 100))
    with transaction() as session:
        with pytest.raises(InsufficientFunds):
            ledger.post(session, hold(2, 7, 1001))
        with pytest.raises(AlreadyResolved):
            ledger.post(session, capture(1, 100))
        with pytest.raises(LedgerConflict):
            ledger.post(session, top_up(1, 7, 1))
        assert ledger.post(session, hold(3, 7, 1000))
    assert balance(wallet(7)) == 0
    assert verdict().is_right
    with reading() as session:
        assert set(session.scalars(select(entries.c.id))) == {"topup:1", "hold:1", "release:1", "hold:3"}


def test_an_overdraft_goes_as_far_as_the_floor() -> None:
    generous = Account("overdraft:1", floor_paise=-500)
    assert post(Entry("a", "test", moves((generous, WORLD, 500)))) == [True]
    with pytest.raises(InsufficientFunds):
        post(Entry("b", "test", moves((generous, WORLD, 1))))
    assert balance(generous) == -500


def test_what_comes_and_goes_within_one_entry_counts_together() -> None:
    assert post(Entry("a", "test", moves((wallet(1), ESCROW, 50), (WORLD, wallet(1), 50)))) == [True]
    assert balance(wallet(1)) == 0


def test_a_hold_is_captured_or_released_but_not_both() -> None:
    post(top_up(1, 7, 1000), hold(1, 7, 300), capture(1, 300))
    with pytest.raises(AlreadyResolved) as refused:
        post(release(1, 7, 300))
    assert (refused.value.resolves, refused.value.by) == ("hold:1", "capture:1")
    assert post(capture(1, 300)) == [False]
    assert (balance(wallet(7)), balance(ESCROW), balance(DUE)) == (700, 0, 300)


def test_what_has_become_of_holds_can_be_asked_for_many_at_once() -> None:
    post(top_up(1, 7, 1000), *(hold(order, 7, 100) for order in (1, 2, 3)), capture(1, 100), release(2, 7, 100))
    with reading() as session:
        assert ledger.resolved_by(session, ["hold:1", "hold:2", "hold:3", "topup:1", "hold:99"]) == {
            "hold:1": "capture",
            "hold:2": "release",
        }
        assert ledger.resolved_by(session, []) == {}


def test_only_what_was_posted_can_be_resolved() -> None:
    with pytest.raises(LedgerConflict, match="never posted"):
        post(capture(1, 300))


def test_an_account_keeps_its_floor() -> None:
    post(top_up(1, 7, 1000))
    with pytest.raises(LedgerConflict, match="floor"):
        post(Entry("a", "test", moves((Account("wallet:7"), ESCROW, 10))))
    with pytest.raises(LedgerConflict, match="floor"):
        post(Entry("b", "test", moves((Account("world", floor_paise=0), wallet(7), 10))))


def test_history_is_what_one_account_saw_newest_first() -> None:
    post(top_up(1, 7, 1000), hold(1, 7, 300), top_up(2, 8, 50), release(1, 7, 300))
    with reading() as session:
        seen = ledger.history(session, wallet(7), limit=10)
    assert [(move.entry_id, move.delta_paise, move.counterparty) for move in seen] == [
        ("release:1", 300, "escrow"),
        ("hold:1", -300, "escrow"),
        ("topup:1", 1000, "world"),
    ]
    assert (seen[2].kind, seen[2].reference) == ("topup", "bank 1")
    assert all(move.created_at.tzinfo is not None for move in seen)


def test_history_comes_in_pages_without_gap_or_double() -> None:
    post(*(top_up(number, 7, number) for number in range(1, 8)))
    pages, before_id = [], None
    with reading() as session:
        for _ in range(3):
            page = ledger.history(session, wallet(7), limit=3, before_id=before_id)
            pages.append([move.delta_paise for move in page])
            before_id = page[-1].id
        assert ledger.history(session, wallet(7), limit=3, before_id=before_id) == []
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]


def test_entries_and_postings_are_append_only() -> None:
    post(top_up(1, 7, 1000))
    for change in (
        update(entries).values(reference="forged"),
        delete(entries),
        update(postings).values(amount_paise=1),
        delete(postings),
    ):
        with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
            session.execute(change)
    assert verdict().is_right


def test_the_database_itself_refuses_a_balance_below_its_floor() -> None:
    post(top_up(1, 7, 1000))
    with pytest.raises(IntegrityError, match="above_floor"), transaction() as session:
        session.execute(update(accounts).where(accounts.c.name == "wallet:7").values(balance_paise=-1))


def test_a_right_ledger_is_found_right_with_its_totals() -> None:
    post(top_up(1, 7, 1000), hold(1, 7, 300), capture(1, 300))
    found = verdict()
    assert found.problems == []
    assert found.is_right
    assert (found.entries, found.postings) == (3, 3)
    assert found.totals == {"due:vendor": 300, "escrow": 0, "world": -1000}


def test_an_empty_ledger_is_right() -> None:
    assert verdict().is_right


@contextmanager
def _forging(world: World) -> Iterator[Session]:
    """A transaction of somebody who may do everything: no triggers, no foreign keys, no checks on the way."""
    with transaction() as session:
        if world.dialect == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text("ALTER TABLE ledger_accounts DROP CONSTRAINT ck_ledger_accounts_above_floor"))
            session.execute(text("ALTER TABLE ledger_entries DROP CONSTRAINT uq_ledger_entries_resolves"))
            session.execute(text("ALTER TABLE ledger_postings DROP CONSTRAINT ck_ledger_postings_positive"))
        else:
            session.execute(text("PRAGMA ignore_check_constraints = ON"))
            session.execute(text("DROP TRIGGER ledger_entries_no_delete"))
            session.execute(text("DROP TRIGGER ledger_postings_no_delete"))
            session.execute(text("DROP TRIGGER ledger_postings_no_update"))
        yield session


def _forge(world: World, *statements: str) -> list[str]:
    post(top_up(1, 7, 1000), hold(1, 7, 300), capture(1, 300))
    with _forging(world) as session:
        for statement in statements:
            session.execute(text(statement))
    return [str(problem) for problem in verdict().problems]


def test_a_forged_balance_is_found_to_the_paisa(world: World) -> None:
    problems = _forge(world, "UPDATE ledger_accounts SET balance_paise = balance_paise + 3 WHERE name = 'wallet:7'")
    assert problems == [
        "balance differs from its postings: wallet:7, off by 3 paise",
        "money out of nowhere: all accounts, off by 3 paise",
    ]


def test_a_balance_below_its_floor_is_found(world: World) -> None:
    problems = _forge(world, "UPDATE ledger_accounts SET balance_paise = -20 WHERE name = 'wallet:7'")
    assert "balance is below its floor: wallet:7, off by -20 paise" in problems


def test_a_forged_posting_is_found(world: World) -> None:
    problems = _forge(world, "UPDATE ledger_postings SET amount_paise = 900 WHERE entry_id = 'topup:1'")
    assert "balance differs from its postings: wallet:7, off by 100 paise" in problems


def test_a_posting_that_moves_backwards_is_found(world: World) -> None:
    problems = _forge(world, "UPDATE ledger_postings SET amount_paise = -300 WHERE entry_id = 'capture:1'")
    assert "posting is not positive: capture:1, off by -300 paise" in problems


def test_a_lost_posting_is_found(world: World) -> None:
    problems = _forge(world, "DELETE FROM ledger_postings WHERE entry_id = 'hold:1'")
    assert "entry moves nothing: hold:1" in problems
    assert "balance differs from its postings: wallet:7, off by -300 paise" in problems


def test_a_posting_to_an_account_that_was_never_opened_is_found(world: World) -> None:
    problems = _forge(world, "UPDATE ledger_postings SET dst = 'pocket' WHERE entry_id = 'capture:1'")
    assert problems == ["account was never opened: pocket, off by 300 paise"]


def test_a_hold_that_is_resolved_twice_is_found(world: World) -> None:
    if world.dialect == "sqlite":
        pytest.skip("SQLite cannot drop the unique index that stands against it")
    problems = _forge(
        world,
        "INSERT INTO ledger_entries (id, kind, resolves, reference, created_at) "
        "VALUES ('release:1', 'release', 'hold:1', '', now())",
        "INSERT INTO ledger_postings (entry_id, src, dst, amount_paise) VALUES ('release:1', 'escrow', 'world', 1)",
    )
    assert problems == ["entry is resolved more than once: hold:1"]


def _resolving(entry_id: str, resolves: str, reference: str, posting_id: int = 99) -> tuple[str, str]:
    return (
        "INSERT INTO ledger_entries (id, kind, resolves, reference, created_at) "
        f"VALUES ('{entry_id}', 'release', '{resolves}', '{reference}', CURRENT_TIMESTAMP)",
        "INSERT INTO ledger_postings (id, entry_id, src, dst, amount_paise) "
        f"VALUES ({posting_id}, '{entry_id}', 'escrow', 'world', 1)",
    )


def test_an_entry_that_resolves_that_of_another_order_is_found(world: World) -> None:
    problems = _forge(world, *_resolving("release:2", "capture:1", "order:2"))
    assert problems == ["entry resolves that of another reference: release:2"]


def test_an_entry_older_than_what_it_resolves_is_found(world: World) -> None:
    problems = _forge(world, *_resolving("release:0", "capture:1", "", posting_id=-5))
    assert problems == ["entry is older than what it resolves: release:0"]


def test_a_posting_without_an_entry_is_found(world: World) -> None:
    statement = "UPDATE ledger_postings SET entry_id = 'ghost' WHERE entry_id = 'capture:1'"
    if world.dialect == "sqlite":
        pytest.skip("SQLite turns foreign keys off outside transactions only")
    assert _forge(world, statement) == [
        "entry moves nothing: capture:1",
        "posting without an entry: ghost, off by 300 paise",
    ]


def test_verify_insists_on_one_instant(world: World) -> None:
    if world.dialect == "sqlite":
        pytest.skip("on SQLite every transaction is a snapshot")
    with pytest.raises(RuntimeError, match="snapshot"), transaction() as session:
        ledger.verify(session)


def test_the_triggers_of_a_migration_are_those_of_the_tests(world: World) -> None:
    """`create_all` made them here; a migration makes them from the same statements."""
    names = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'ledger%'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }
    with reading() as session:
        found = set(session.scalars(text(names[world.dialect])))
    wanted = {statement.split()[2] for statement in append_only_ddl(world.dialect) if "CREATE TRIGGER" in statement}
    assert found & wanted == wanted


def test_the_schema_can_be_told_when_a_proof_reads_several_ledgers(world: World) -> None:
    """One connection, one snapshot, two services' ledgers: how the proof over the whole platform will read them."""
    if world.dialect == "sqlite":
        pytest.skip("a schema is PostgreSQL's")
    post(top_up(1, 7, 1000))
    with world.vendor.app_context(), transaction() as session:
        ledger.post(session, Entry("b", "test", moves((DUE, wallet(9), 20))))
    engine = world.consumer.extensions["sqlalchemy"].engine.execution_options(isolation_level="REPEATABLE READ")
    totals = {}
    with engine.connect() as connection:
        for schema in ("consumer", "vendor"):
            connection.execution_options(schema_translate_map={None: schema})
            with Session(connection, join_transaction_mode="rollback_only") as session:
                totals[schema] = ledger.verify(session).totals
    assert totals == {"consumer": {"world": -1000}, "vendor": {"due:vendor": -20}}


def test_a_row_that_was_inserted_by_hand_is_still_checked(world: World) -> None:
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(insert(postings).values(entry_id="ghost", src="a", dst="b", amount_paise=1))
