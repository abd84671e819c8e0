"""Two starters that find an empty database at the same moment: one migrates it, and the other waits for that."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier

import psycopg
from psycopg import sql

from habrio_auth.app import FOLDER, create_app
from habrio_shared.migrations.cli import upgrade
from tests.proof.races.contest import REPEATS
from tests.support.at_once import MEET_SECONDS
from tests.support.database import SECRETS, environment
from tests.support.stack import Servers

FORKED = multiprocessing.get_context("fork")
"""With all modules there: a process that has to import them costs a second, and the two would hardly meet."""

_meeting: Barrier


def _come(meeting: Barrier) -> None:
    global _meeting  # noqa: PLW0603 — a barrier reaches a forked worker only so
    _meeting = meeting


def _start(environ: dict[str, str]) -> bool:
    """What a service does at its start; whether it found anything to do."""
    with environment(environ):
        app = create_app()
    _meeting.wait(MEET_SECONDS)
    try:
        return upgrade(app, FOLDER)
    finally:
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()


def test_two_migrations_of_one_database_are_one(postgres: Servers) -> None:
    url = postgres.fresh_database().urls["auth"]
    environ = {"APP_ENV": "testing", "DATABASE_URL": url, "REDIS_URL": postgres.redis_url, **SECRETS}
    both = 0
    with ProcessPoolExecutor(2, FORKED, _come, (FORKED.Barrier(2),)) as starters:
        for _ in range(REPEATS):
            started = [starters.submit(_start, environ) for _ in range(2)]
            both += all(start.result(60) for start in started)
            with psycopg.connect(url) as connection:
                assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
                assert connection.execute("SELECT count(*) FROM session_view").fetchone() == (0,)
                empty(connection)
    assert both, "one of them always came first"


def empty(connection: psycopg.Connection) -> None:
    """No table, and so no view: as before any migration."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
    for (table,) in tables:
        connection.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
