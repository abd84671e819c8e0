"""A message that was promised is delivered, its reply is handled once, whatever fails on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from habrio_shared import faults, outbox
from habrio_shared.database import after, db_now, reading, transaction
from habrio_shared.faults import Fault, FaultStruck
from habrio_shared.outbox import KeyTaken, Relay, RowId
from habrio_shared.outbox.replies import NoReplyHandler
from habrio_shared.outbox.tables import outbox as table
from tests.integration.mechanisms.conftest import World
from tests.integration.mechanisms.services import (
    ECHO,
    HOOKED,
    NOTE,
    UNHEARD,
    Note,
    Taken,
    count_effects,
    effects_of,
    put_note,
)
from tests.integration.mechanisms.transports import at_once
from tests.support import waiting


def row_of(app: Flask, key: str) -> Row[*tuple[Any, ...]]:
    with app.app_context(), reading() as session:
        return session.execute(select(table).where(table.c.key == key)).one()


def deliver(app: Flask, row_id: RowId[Taken]) -> Taken | None:
    with app.app_context():
        return outbox.deliver(row_id)


def make_due(app: Flask) -> None:
    """As if every lease and pause were over."""
    with app.app_context(), transaction() as session:
        session.execute(update(table).values(next_try_at=after(-1)))


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("habrio_shared.outbox.relay.POLL_SECONDS", 0.05)


@contextmanager
def relaying(*relays: Relay) -> Iterator[None]:
    """The relays at work, and at rest again after the block."""
    stop = threading.Event()
    threads = [threading.Thread(target=relay.run, args=(stop,)) for relay in relays]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(20)
            assert not thread.is_alive(), "the relay does not stop"


def wait_until_delivered(app: Flask, *, seconds: float = 10) -> None:
    def is_empty() -> bool:
        with app.app_context(), reading() as session:
            return outbox.backlog(session).depth == 0

    waiting.until(is_empty, seconds=seconds, what="an empty outbox")


def test_a_message_is_delivered_and_its_reply_handled(world: World) -> None:
    row_id = put_note(world.consumer, "hello")
    assert deliver(world.consumer, row_id) == Taken(text="hello")
    assert effects_of(world.vendor) == ["taken hello"]
    assert effects_of(world.consumer) == ["sent hello", "settled hello"]
    row = row_of(world.consumer, "note:hello")
    assert row.done_at is not None
    assert row.reply == {"text": "hello", "by": "vendor"}


def test_what_is_done_is_not_sent_again(world: World) -> None:
    row_id = put_note(world.consumer, "hello")
    assert [deliver(world.consumer, row_id) for _ in range(3)] == [Taken(text="hello")] * 3
    assert world.wire.sent["note:hello"] == 1
    assert effects_of(world.consumer) == ["sent hello", "settled hello"]


def test_a_reply_that_can_no_longer_be_read_is_not_known_and_is_not_asked_for_again(world: World) -> None:
    row_id = put_note(world.consumer, "old")
    deliver(world.consumer, row_id)
    with world.consumer.app_context(), transaction() as session:
        session.execute(update(table).where(table.c.key == "note:old").values(reply={"of": "another release"}))
    assert deliver(world.consumer, row_id) is None
    assert world.wire.sent["note:old"] == 1


def test_what_was_rolled_back_was_never_promised(world: World) -> None:
    with world.consumer.app_context(), pytest.raises(FaultStruck), transaction() as session:
        outbox.put(session, NOTE, "note:never", Note(text="never"))
        raise FaultStruck
    with world.consumer.app_context(), reading() as session:
        assert outbox.backlog(session).depth == 0


def test_a_new_message_is_left_to_its_writer_for_four_seconds(world: World) -> None:
    put_note(world.consumer, "hello")
    row = row_of(world.consumer, "note:hello")
    assert timedelta(seconds=3.9) < row.next_try_at - row.created_at < timedelta(seconds=4.1)


def test_the_same_message_put_twice_is_one(world: World) -> None:
    row_id = put_note(world.consumer, "hello")
    assert put_note(world.consumer, "hello") == row_id
    with world.consumer.app_context(), pytest.raises(KeyTaken) as taken, transaction() as session:
        outbox.put(session, NOTE, "note:hello", Note(text="other"))
    assert taken.value.row_id == row_id


@pytest.mark.parametrize("key", ["", "two words", "x" * 201, "line\nbreak", "ünïcode"])
def test_a_key_fits_into_a_header(world: World, key: str) -> None:
    with world.consumer.app_context(), pytest.raises(ValueError, match="id of a message"), transaction() as session:
        outbox.put(session, NOTE, key, Note(text="x"))


def test_a_message_whose_reply_nobody_handles_is_refused_at_once(world: World) -> None:
    with world.consumer.app_context(), pytest.raises(NoReplyHandler), transaction() as session:
        outbox.put(session, UNHEARD, "unheard:1", Note(text="x"))


def test_delivering_inside_the_transaction_is_a_mistake(world: World) -> None:
    row_id = put_note(world.consumer, "hello")
    with world.consumer.app_context(), pytest.raises(RuntimeError, match="after the commit"), transaction():
        outbox.deliver(row_id)


def test_an_unreachable_target_means_later_and_the_relay_sees_to_it(world: World) -> None:
    world.wire.is_cut = True
    row_id = put_note(world.consumer, "hello")
    assert deliver(world.consumer, row_id) is None
    row = row_of(world.consumer, "note:hello")
    assert (row.attempts, row.last_error, row.done_at) == (1, "the wire is cut", None)
    world.wire.is_cut = False
    with relaying(Relay(world.consumer)):
        wait_until_delivered(world.consumer)
    assert effects_of(world.vendor) == ["taken hello"]
    assert effects_of(world.consumer) == ["sent hello", "settled hello"]
    assert deliver(world.consumer, row_id) == Taken(text="hello")


def test_a_lost_reply_is_asked_for_again_and_is_the_same(world: World) -> None:
    world.wire.loses_replies = 2
    row_id = put_note(world.consumer, "hello")
    assert deliver(world.consumer, row_id) is None
    assert deliver(world.consumer, row_id) is None
    assert deliver(world.consumer, row_id) == Taken(text="hello")
    assert effects_of(world.vendor) == ["taken hello"]


def test_a_reply_handler_that_fails_is_undone_and_called_again(world: World) -> None:
    failures = [ZeroDivisionError("once"), ZeroDivisionError("twice")]

    def fail(_session: Session, _body: Note) -> None:
        if failures:
            raise failures.pop()

    HOOKED.hooks.on_reply = fail
    row_id = put_note(world.consumer, "hello")
    assert deliver(world.consumer, row_id) is None
    assert row_of(world.consumer, "note:hello").last_error == "ZeroDivisionError: twice"
    assert deliver(world.consumer, row_id) is None
    assert deliver(world.consumer, row_id) == Taken(text="hello")
    assert effects_of(world.consumer) == ["sent hello", "settled hello"]
    assert effects_of(world.vendor) == ["taken hello"]


def test_a_taker_that_fails_is_undone_and_called_again(world: World) -> None:
    def fail(_session: Session, _body: Note) -> None:
        HOOKED.hooks.on_take = None
        raise ZeroDivisionError

    HOOKED.hooks.on_take = fail
    row_id = put_note(world.consumer, "hello")
    assert deliver(world.consumer, row_id) is None
    assert effects_of(world.vendor) == []
    assert deliver(world.consumer, row_id) == Taken(text="hello")
    assert effects_of(world.vendor) == ["taken hello"]


def test_a_reply_that_cannot_be_read_is_a_failure_like_any_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row_id = put_note(world.consumer, "hello")
    monkeypatch.setattr(world.wire, "_receive", lambda *_args: {"surprise": 1})
    assert deliver(world.consumer, row_id) is None
    error: str = row_of(world.consumer, "note:hello").last_error
    assert error.startswith("ValidationError")


def test_writer_and_relay_at_once_handle_the_reply_once(postgres_world: World) -> None:
    """All of them have sent, and hold a reply, before the first settles."""
    app, senders = postgres_world.consumer, 8
    everybody_has_a_reply = threading.Barrier(senders)
    postgres_world.wire.after_send = lambda _key: (everybody_has_a_reply.wait(10), None)[1]
    row_id = put_note(app, "hello")
    replies = at_once(senders, lambda _: deliver(app, row_id))
    assert replies == [Taken(text="hello")] * senders
    assert postgres_world.wire.sent["note:hello"] == senders
    assert effects_of(app) == ["sent hello", "settled hello"]
    assert effects_of(postgres_world.vendor) == ["taken hello"]


def test_a_message_put_by_a_handler_is_sent_soon_after(world: World) -> None:
    def answer_with_a_message(session: Session, body: Note) -> None:
        outbox.put(session, ECHO, f"echo:{body.text}", Note(text=body.text))

    HOOKED.hooks.on_take = answer_with_a_message
    assert deliver(world.consumer, put_note(world.consumer, "hello"))
    row = row_of(world.vendor, "echo:hello")
    assert row.next_try_at - row.created_at < timedelta(seconds=0.5)
    with relaying(Relay(world.vendor)):
        wait_until_delivered(world.vendor, seconds=3)
    assert effects_of(world.consumer) == ["sent hello", "settled hello", "echoed hello"]


def test_ids_of_the_request_travel_with_the_message_and_with_what_follows_from_it(world: World) -> None:
    def put_another(session: Session, body: Note) -> None:
        if body.text == "first":
            outbox.put(session, NOTE, "note:second", Note(text="second"))

    HOOKED.hooks.on_reply = put_another
    traceparent = f"00-{'a' * 32}-{'b' * 16}-01"
    with world.consumer.app_context():
        g.request_id, g.traceparent = "request-1", traceparent
        with transaction() as session:
            outbox.put(session, NOTE, "note:first", Note(text="first"))
    make_due(world.consumer)
    with relaying(Relay(world.consumer)):
        wait_until_delivered(world.consumer)
    wanted = {"X-Request-ID": "request-1", "traceparent": traceparent}
    assert world.wire.headers["note:first"] == wanted
    assert world.wire.headers["note:second"] == wanted


def test_a_nudged_relay_looks_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("habrio_shared.outbox.relay.POLL_SECONDS", 60.0)
    relay = Relay(world.consumer)
    with relaying(relay):
        put_note(world.consumer, "hello")
        make_due(world.consumer)

        def nudge() -> bool:
            relay.nudge()
            return row_of(world.consumer, "note:hello").done_at is not None

        waiting.until(nudge, seconds=5, what="delivery without a poll")
        monkeypatch.setattr("habrio_shared.outbox.relay.POLL_SECONDS", 0.1)
        relay.nudge()


def test_two_relays_share_the_work_and_send_nothing_twice(postgres_world: World) -> None:
    app = postgres_world.consumer
    for number in range(40):
        put_note(app, str(number))
    make_due(app)
    with relaying(Relay(app), Relay(app)):
        wait_until_delivered(app)
    assert set(postgres_world.wire.sent.values()) == {1}
    assert len(effects_of(postgres_world.vendor)) == 40


def test_a_message_that_fails_holds_up_no_other(world: World) -> None:
    def never(_session: Session, body: Note) -> None:
        if body.text == "poison":
            raise ZeroDivisionError

    HOOKED.hooks.on_take = never
    for text in ["poison", *"abcdefgh"]:
        put_note(world.consumer, text)
    make_due(world.consumer)
    with relaying(Relay(world.consumer, at_once=1)):
        waiting.until(lambda: len(effects_of(world.vendor)) == 8, seconds=10, what="eight messages delivered")
    assert row_of(world.consumer, "note:poison").done_at is None


def test_a_target_that_is_away_is_spared_and_served_soon_after_it_is_back(world: World) -> None:
    numbers = range(30)
    for number in numbers:
        put_note(world.consumer, str(number))
    make_due(world.consumer)
    world.wire.is_cut = True
    tried = threading.Event()
    relay = Relay(world.consumer)
    with relaying(relay):
        waiting.until(lambda: world.wire.sent.total() > 0, seconds=5, what="a first try")
        tried.wait(0.8)  # nothing happens in this time: that is what is seen here
        assert world.wire.sent.total() < 2 * len(numbers), "each message was tried while the target was away"
        world.wire.is_cut = False
        wait_until_delivered(world.consumer, seconds=12)
    assert len(effects_of(world.vendor)) == len(numbers)


def test_the_relay_outlives_the_database_connections_being_cut(
    postgres_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    app = postgres_world.consumer
    engine = app.extensions["sqlalchemy"]
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    for number in range(30):
        put_note(app, str(number))
    make_due(app)

    cuts: list[str] = []

    def cut_connections(key: str) -> None:
        if key in ("note:3", "note:11", "note:19") and postgres_world.wire.sent[key] == 1:
            with app.app_context(), engine.engine.connect() as connection:
                connection.exec_driver_sql(f"{cut} AND datname = current_database()")
            cuts.append(key)

    postgres_world.wire.after_send = cut_connections
    with relaying(Relay(app)):
        # The cuts strike this thread's connections too: it looks at the database only when they are over.
        waiting.until(lambda: len(cuts) == 3, seconds=10, what="all three cuts")
        _until_delivered_in_spite_of_leases(app)
    assert sorted(effects_of(postgres_world.vendor)) == sorted(f"taken {number}" for number in range(30))
    assert sorted(effects_of(app)[30:]) == sorted(f"settled {number}" for number in range(30))


def _until_delivered_in_spite_of_leases(app: Flask) -> None:
    """What was broken off is leased for 15 s; the test does not wait for that."""

    def is_empty() -> bool:
        make_due(app)
        with app.app_context(), reading() as session:
            return outbox.backlog(session).depth == 0

    waiting.until(is_empty, seconds=20, what="an empty outbox")


def test_the_backlog_says_how_much_waits_and_what_fails(world: World) -> None:
    def now() -> outbox.Backlog:
        with world.consumer.app_context(), reading() as session:
            return outbox.backlog(session)

    assert now() == outbox.Backlog(depth=0, oldest_seconds=0.0, failing=0)
    put_note(world.consumer, "old")
    put_note(world.consumer, "new")
    with world.consumer.app_context(), transaction() as session:
        session.execute(update(table).where(table.c.key == "note:old").values(created_at=after(-90), attempts=20))
    found = now()
    assert (found.depth, found.failing) == (2, 1)
    assert 90 <= found.oldest_seconds < 100
    with world.consumer.app_context(), reading() as session:
        assert [(failing.key, failing.attempts) for failing in outbox.failing(session)] == [("note:old", 20)]


def test_the_twentieth_failure_and_each_after_it_is_an_error_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.wire.is_cut = True
    row_id = put_note(world.consumer, "hello")
    with world.consumer.app_context(), transaction() as session:
        session.execute(update(table).values(attempts=18))
    for _ in range(3):
        deliver(world.consumer, row_id)
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert errors == [
        "message note:hello to vendor: try 20 failed: the wire is cut",
        "message note:hello to vendor: try 21 failed: the wire is cut",
    ]


def test_a_failing_message_can_be_made_due_again(world: World) -> None:
    world.wire.is_cut = True
    row_id = put_note(world.consumer, "hello")
    with world.consumer.app_context(), transaction() as session:
        assert outbox.retry_now(session, row_id)
        assert not outbox.retry_now(session, row_id + 1)
        row = session.execute(select(table, select(db_now()).scalar_subquery().label("now"))).one()
    due: datetime = row.next_try_at
    assert due <= row.now
    world.wire.is_cut = False
    deliver(world.consumer, row_id)
    with world.consumer.app_context(), transaction() as session:
        assert not outbox.retry_now(session, row_id)


def test_what_was_delivered_long_ago_goes_and_what_waits_stays(world: World) -> None:
    for text in ("old", "new"):
        deliver(world.consumer, put_note(world.consumer, text))
    put_note(world.consumer, "waiting")
    with world.consumer.app_context(), transaction() as session:
        long_ago = {"created_at": after(-31 * 86_400)}
        session.execute(update(table).where(table.c.key == "note:waiting").values(**long_ago))
        session.execute(update(table).where(table.c.key == "note:old").values(done_at=after(-31 * 86_400)))
        assert outbox.purge(session) == 1
        assert set(session.scalars(select(table.c.key))) == {"note:new", "note:waiting"}


POINTS = sorted(name for name in faults.declared() if name.startswith(("outbox.", "relay.", "inbox.")))


@pytest.fixture
def _disarmed() -> Iterator[None]:
    yield
    faults.arm([])


@pytest.mark.usefixtures("_disarmed")
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("how", ["by the writer", "by the relay"])
def test_whatever_step_fails_the_message_takes_effect_once_and_is_settled_once(
    world: World, point: str, how: str
) -> None:
    faults.arm([Fault(point, "raise")])
    struck = _try_to(lambda: put_note(world.consumer, "hello"))
    if struck:
        assert effects_of(world.consumer) == [], "the change and its message are one"
        return
    if how == "by the writer":
        row_id = RowId[Taken](row_of(world.consumer, "note:hello").id)
        _try_to(lambda: deliver(world.consumer, row_id))
    make_due(world.consumer)
    with relaying(Relay(world.consumer)):
        _until_delivered_in_spite_of_leases(world.consumer)
    assert effects_of(world.vendor) == ["taken hello"]
    assert effects_of(world.consumer) == ["sent hello", "settled hello"]
    assert count_effects(world.consumer, "settled hello") == 1


def _try_to(work: Callable[[], object]) -> bool:
    try:
        work()
    except FaultStruck:
        return True
    return False
