"""What the worker reads from the database and the broker when it is asked, and what is counted at a commit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from flask import Flask
from prometheus_client import REGISTRY, CollectorRegistry, Counter
from sqlalchemy import text, update

from habrio_consumer.app import create_app
from habrio_shared import ledger
from habrio_shared.database import after, db_now, transaction
from habrio_shared.ledger import Account, Entry, moves
from habrio_shared.ledger.tables import verdicts
from habrio_shared.metrics.committed import count_when_committed
from habrio_shared.metrics.figures import Figures
from habrio_shared.outbox.tables import outbox
from tests.support.database import service_app
from tests.support.stack import Servers

THINGS = Counter("tested_things_total", "Counted by the tests beside this line", ("what",))


@pytest.fixture(scope="module")
def app(postgres: Servers) -> Flask:
    return service_app(postgres, create_app, "consumer")


def figures(app: Flask) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(Figures(app))
    return {
        sample.name + "".join(sample.labels.values()): sample.value
        for family in registry.collect()
        for sample in family.samples
    }


def test_an_empty_service_has_nothing_waiting_and_no_verdict(app: Flask) -> None:
    assert figures(app) == {
        "habrio_outbox_pending": 0,
        "habrio_outbox_oldest_seconds": 0,
        "habrio_outbox_failing": 0,
        "habrio_queue_lengthconsumer": 0,
    }


def test_they_say_how_things_stand_when_they_are_asked(app: Flask, postgres: Servers) -> None:
    row = {"kind": "x", "target": "vendor", "body": {}, "request_id": "r", "traceparent": "t"}
    with app.app_context(), transaction() as session:
        for number, (tries, seconds) in enumerate([(0, -5), (20, -90)]):
            times = {"created_at": after(seconds), "next_try_at": after(3600)}
            session.execute(outbox.insert().values(key=f"k{number}", attempts=tries, **times, **row))
        for paise_off in (0, 250):
            session.execute(verdicts.insert().values(checked_at=db_now(), entries=9, problems=1, paise_off=paise_off))
        now = session.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one()
    broker = redis.Redis.from_url(postgres.redis_url)
    broker.rpush("consumer", "a task", "another")
    try:
        found = figures(app)
    finally:
        broker.delete("consumer")
        with app.app_context(), transaction() as session:
            session.execute(update(outbox).values(done_at=db_now()))
    assert (found["habrio_outbox_pending"], found["habrio_outbox_failing"]) == (2, 1)
    assert 90 <= found["habrio_outbox_oldest_seconds"] < 150
    assert (found["habrio_ledger_off_paise"], found["habrio_ledger_problems"]) == (250, 1)
    assert found["habrio_ledger_verified_timestamp_seconds"] == pytest.approx(float(now), abs=60)
    assert found["habrio_queue_lengthconsumer"] == 2


def test_what_cannot_be_read_is_absent_and_the_rest_is_there(postgres: Servers) -> None:
    app = service_app(postgres, create_app, "consumer", CELERY_BROKER_URL="redis://127.0.0.1:9/0")
    assert "habrio_outbox_pending" in figures(app)
    assert "habrio_queue_lengthconsumer" not in figures(app)
    app = service_app(postgres, create_app, "consumer")
    with app.app_context(), transaction() as session:
        session.execute(text("ALTER TABLE outbox RENAME TO lost_outbox"))
    assert set(figures(app)) == {"habrio_queue_lengthconsumer"}


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def what(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.node.name


def test_what_is_committed_counts_once(app: Flask, what: str) -> None:
    with app.app_context(), transaction() as session:
        count_when_committed(session, THINGS.labels(what), 3)
        count_when_committed(session, THINGS.labels(what))
        assert counted("tested_things_total", what=what) == 0
    assert counted("tested_things_total", what=what) == 4


def test_what_is_rolled_back_does_not_count_and_of_a_savepoint_only_that(app: Flask, what: str) -> None:
    with app.app_context(), pytest.raises(KeyError), transaction() as session:
        count_when_committed(session, THINGS.labels(what))
        raise KeyError
    assert counted("tested_things_total", what=what) == 0
    with app.app_context(), transaction() as session:
        count_when_committed(session, THINGS.labels(what), 10)
        with pytest.raises(KeyError), session.begin_nested():
            count_when_committed(session, THINGS.labels(what), 100)
            raise KeyError
        with session.begin_nested():
            count_when_committed(session, THINGS.labels(what), 1000)
    assert counted("tested_things_total", what=what) == 1010


def test_money_that_moves_is_counted_by_its_flow_once_however_often_it_is_posted(app: Flask) -> None:
    world, wallet = Account("world"), Account("wallet:metrics", 0)
    entry = Entry(id="tested:1", kind="tested", postings=moves((world, wallet, 500), (wallet, world, 200)))
    for _ in range(2):
        with app.app_context(), transaction() as session:
            ledger.post(session, entry)
    assert counted("habrio_money_moved_paise_total", flow="tested") == 700


def test_the_time_of_statements_is_taken_failed_ones_included(app: Flask) -> None:
    name = "db_query_duration_seconds_count"
    selects, others = counted(name, operation="select"), counted(name, operation="other")
    with app.app_context(), pytest.raises(Exception, match="nothing_of_the_kind"), transaction() as session:
        session.execute(text("SELECT 1"))
        session.execute(text("CALL nothing_of_the_kind()"))
    assert counted(name, operation="select") >= selects + 1
    assert counted(name, operation="other") == others + 1
