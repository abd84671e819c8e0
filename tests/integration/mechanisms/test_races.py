"""Many at once: real threads on a real PostgreSQL, let go together."""

from __future__ import annotations

from collections import Counter

import pytest

from habrio_shared import idempotency, inbox, ledger
from habrio_shared.database import reading, snapshot, transaction
from habrio_shared.idempotency import IdempotencyKey, Replayed
from habrio_shared.ledger import Account, AlreadyResolved, Entry, InsufficientFunds, moves
from tests.integration.mechanisms.conftest import World
from tests.integration.mechanisms.services import Granted, count_effects, effects_of, note_effect
from tests.integration.mechanisms.transports import at_once

WORLD, ESCROW = Account("world"), Account("escrow")


def wallet(user_id: int) -> Account:
    return Account(f"wallet:{user_id}", floor_paise=0)


def post(world: World, entry: Entry) -> bool:
    with world.consumer.app_context(), transaction() as session:
        return ledger.post(session, entry)


def balance(world: World, account: Account) -> int:
    with world.consumer.app_context(), reading() as session:
        return ledger.balance(session, account)


def assert_right(world: World) -> None:
    with world.consumer.app_context(), snapshot() as session:
        assert ledger.verify(session).problems == []


def test_fifty_first_touches_of_one_wallet_all_count(postgres_world: World) -> None:
    world = postgres_world
    results = at_once(50, lambda n: post(world, Entry(f"topup:{n}", "topup", moves((WORLD, wallet(1), 10)))))
    assert results == [True] * 50
    assert balance(world, wallet(1)) == 500
    assert_right(world)


def test_of_twenty_withdrawals_of_everything_one_wins(postgres_world: World) -> None:
    world = postgres_world
    post(world, Entry("topup", "topup", moves((WORLD, wallet(1), 1000))))
    results = at_once(20, lambda n: post(world, Entry(f"out:{n}", "withdraw", moves((wallet(1), WORLD, 1000)))))
    assert Counter(map(type, results)) == {bool: 1, InsufficientFunds: 19}
    assert balance(world, wallet(1)) == 0
    assert_right(world)


def test_the_same_entry_twenty_times_at_once_is_posted_once(postgres_world: World) -> None:
    world = postgres_world
    post(world, Entry("topup", "topup", moves((WORLD, wallet(1), 1000))))
    results = at_once(20, lambda _: post(world, Entry("hold:1", "hold", moves((wallet(1), ESCROW, 1000)))))
    assert Counter(results) == {True: 1, False: 19}
    assert_right(world)


def test_the_same_entry_without_a_wallet_is_posted_once_too(postgres_world: World) -> None:
    """Nothing serialises these but the entry's own id."""
    results = at_once(20, lambda _: post(postgres_world, Entry("a", "test", moves((WORLD, ESCROW, 5)))))
    assert Counter(results) == {True: 1, False: 19}
    assert balance(postgres_world, ESCROW) == 5


def test_a_hold_released_and_captured_at_once_is_resolved_once(postgres_world: World) -> None:
    world = postgres_world
    for order in range(10):
        post(world, Entry(f"topup:{order}", "topup", moves((WORLD, wallet(1), 100))))
        post(world, Entry(f"hold:{order}", "hold", moves((wallet(1), ESCROW, 100))))
        ends = [
            Entry(f"release:{order}", "release", moves((ESCROW, wallet(1), 100)), resolves=f"hold:{order}"),
            Entry(f"capture:{order}", "capture", moves((ESCROW, WORLD, 100)), resolves=f"hold:{order}"),
        ]
        results = at_once(2, lambda n, ends=ends: post(world, ends[n]))  # type: ignore[misc]  # bound in the loop
        assert Counter(map(type, results)) == {bool: 1, AlreadyResolved: 1}
    assert balance(world, ESCROW) == 0
    assert_right(world)


def test_transfers_both_ways_never_deadlock(postgres_world: World) -> None:
    world = postgres_world
    for user_id in range(4):
        post(world, Entry(f"topup:{user_id}", "topup", moves((WORLD, wallet(user_id), 10_000))))

    def transfer(n: int) -> int:
        for turn in range(5):
            payer, payee = wallet((n + turn) % 4), wallet((n + turn + 1 + n % 3) % 4)
            post(world, Entry(f"transfer:{n}:{turn}", "transfer", moves((payer, payee, 1 + n))))
        return n

    assert at_once(16, transfer) == list(range(16))
    assert sum(balance(world, wallet(user_id)) for user_id in range(4)) == 40_000
    assert_right(world)


def test_first_touches_of_the_same_accounts_in_either_direction_never_deadlock(postgres_world: World) -> None:
    for turn in range(20):
        here, there = (Account(f"{side}:{turn}", floor_paise=-100) for side in ("a", "b"))
        ways = [moves((here, there, 5)), moves((there, here, 5))]
        entries = [Entry(f"way:{turn}:{n}", "transfer", ways[n]) for n in range(2)]
        results = at_once(2, lambda n, entries=entries: post(postgres_world, entries[n]))  # type: ignore[misc]  # bound in the loop
        assert results == [True, True]
    assert_right(postgres_world)


def test_the_books_are_right_in_every_snapshot_during_traffic(postgres_world: World) -> None:
    world = postgres_world

    def work(n: int) -> int:
        if n == 0:
            for _ in range(10):
                assert_right(world)
            return n
        for turn in range(15):
            post(world, Entry(f"topup:{n}:{turn}", "topup", moves((WORLD, wallet(n % 3), 7))))
        return n

    assert at_once(8, work) == list(range(8))


KEY = IdempotencyKey(user_id=1, method="POST", path="/pay", key="k", body_sha256="a")


def test_one_key_twenty_times_at_once_acts_once_and_answers_alike(postgres_world: World) -> None:
    app = postgres_world.consumer

    def request(n: int) -> int:
        with app.app_context(), idempotency.key_of_request(KEY):
            try:
                with transaction() as session:
                    idempotency.claim(session)
                    note_effect(session, "paid")
                    idempotency.remember(session, Granted(text="paid", number=n))
                    return n
            except Replayed as first:
                assert first.status == 200
                number: int = first.answer["number"]
                return number

    numbers = at_once(20, request)
    assert len(set(numbers)) == 1
    assert isinstance(numbers[0], int)
    assert count_effects(app, "paid") == 1


def test_when_the_first_of_them_is_refused_the_next_acts(postgres_world: World) -> None:
    app = postgres_world.consumer

    def request(n: int) -> str:
        with app.app_context(), idempotency.key_of_request(KEY):
            try:
                with transaction() as session:
                    idempotency.claim(session)
                    if count_effects(app, "refused once") == 0:
                        with app.app_context():
                            _note_apart(postgres_world)
                        raise InsufficientFunds("wallet:1", 1)
                    note_effect(session, "paid")
                    idempotency.remember(session, Granted(text="paid", number=n))
                    return "acted"
            except Replayed:
                return "replayed"
            except InsufficientFunds:
                return "refused"

    assert Counter(at_once(10, request)) == {"refused": 1, "acted": 1, "replayed": 8}


def _note_apart(world: World) -> None:
    """In a transaction of its own, which the refusal does not undo."""
    engine = world.consumer.extensions["sqlalchemy"].engine
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO effects (what) VALUES ('refused once')")


@pytest.mark.parametrize("doubles", [2, 20])
def test_one_message_many_times_at_once_takes_effect_once(postgres_world: World, doubles: int) -> None:
    app = postgres_world.vendor

    def deliver(_n: int) -> str:
        with app.app_context():
            return str(inbox.receive("proof.note", "note:1", {"text": "hello"}))

    replies = at_once(doubles, deliver)
    assert replies == ["{'text': 'hello', 'by': 'vendor'}"] * doubles
    assert effects_of(app) == ["taken hello"]
