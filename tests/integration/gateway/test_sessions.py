"""auth.session_view on PostgreSQL as the gateway's own role reads it, and on SQLite."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from habrio_gateway.sessions import PostgresSessions, Session, SessionsUnavailable, SqliteSessions, sessions_at
from tests.integration.gateway.front_door import PHONE, VIEW, FrontDoor, bearer, free_port
from tests.support.stack import Servers

VIEW_ON_POSTGRES = """
    CREATE TABLE auth.rows (session_id text PRIMARY KEY, user_id bigint, live boolean, active boolean, role text,
        phone text, name text, city text, society text, contract_version integer);
    CREATE VIEW auth.session_view AS SELECT * FROM auth.rows;
    GRANT SELECT ON auth.session_view TO habrio_gateway;
"""
SESSION = Session("s1", 7, True, True, "consumer", PHONE, "Ravi", "", "")


@dataclass
class View:
    """The view in a database of its own. `owner` may write, `url` is what the gateway gets."""

    owner: psycopg.Connection
    url: str

    def put(self, session_id: str = "s1", role: str | None = "consumer", version: int = 1) -> None:
        self.owner.execute(
            "INSERT INTO auth.rows VALUES (%s, 7, true, true, %s, %s, 'Ravi', NULL, NULL, %s)"
            " ON CONFLICT (session_id) DO UPDATE SET role = EXCLUDED.role",
            (session_id, role, PHONE, version),
        )

    def backends(self) -> list[int]:
        query = (
            "SELECT pid FROM pg_stat_activity"
            " WHERE application_name = 'habrio-gateway' AND datname = current_database()"
        )
        return [pid for (pid,) in self.owner.execute(query)]


@pytest.fixture
def view(postgres: Servers) -> Iterator[View]:
    made = postgres.fresh_database()
    database = made.view_url.rpartition("/")[2]
    with psycopg.connect(f"{postgres.admin_url.rpartition('/')[0]}/{database}", autocommit=True) as owner:
        owner.execute(VIEW_ON_POSTGRES)
        found = View(owner, made.view_url)
        found.put()
        yield found


def test_a_session_is_read_as_it_is_now(view: View) -> None:
    sessions = sessions_at(view.url)
    assert sessions.find("s1") == SESSION
    assert sessions.find("unknown") is None
    view.put(role="vendor")
    found = sessions.find("s1")
    assert found is not None
    assert found.role == "vendor"


@pytest.mark.parametrize(("role", "shown"), [(None, "none"), ("admin", "admin"), ("service", "none"), ("god", "none")])
def test_a_role_that_nobody_has_gives_no_rights(view: View, role: str | None, shown: str) -> None:
    view.put(role=role)
    found = sessions_at(view.url).find("s1")
    assert found is not None
    assert found.role == shown


def test_one_connection_a_thread_is_kept_and_its_statement_prepared(view: View) -> None:
    sessions = PostgresSessions(view.url)
    for _ in range(10):
        sessions.find("s1")
    before = view.backends()
    assert len(before) == 1
    for _ in range(10):
        sessions.find("s1")
    assert view.backends() == before
    connection = sessions._kept.connection
    assert connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (1,)


def test_a_connection_that_was_cut_is_replaced_within_the_request(view: View) -> None:
    sessions = sessions_at(view.url)
    for _ in range(3):
        sessions.find("s1")
        for pid in view.backends():
            view.owner.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        assert sessions.find("s1") == SESSION


def test_a_database_that_is_away_is_unavailable_and_recovers(view: View) -> None:
    away = sessions_at(f"postgresql://habrio_gateway:x@127.0.0.1:{free_port()}/habrio")
    begun = time.monotonic()
    with pytest.raises(SessionsUnavailable):
        away.find("s1")
    assert time.monotonic() - begun < 2
    wrong = sessions_at(view.url.replace("habrio_gateway:", "habrio_gateway:wrong"))
    with pytest.raises(SessionsUnavailable):
        wrong.find("s1")


def test_a_statement_that_hangs_is_given_up(view: View) -> None:
    sessions = sessions_at(view.url)
    sessions.find("s1")
    locked, done = threading.Event(), threading.Event()

    def hold_the_table() -> None:
        with psycopg.connect(view.owner.info.dsn, password=view.owner.info.password) as holder:
            holder.execute("LOCK TABLE auth.rows IN ACCESS EXCLUSIVE MODE")
            locked.set()
            done.wait(20)

    holder = threading.Thread(target=hold_the_table)
    holder.start()
    try:
        assert locked.wait(10)
        begun = time.monotonic()
        with pytest.raises(SessionsUnavailable):
            sessions.find("s1")
        assert time.monotonic() - begun < 3
    finally:
        done.set()
        holder.join()
    assert sessions.find("s1") == SESSION


def test_the_gateways_role_reads_the_view_and_nothing_else(view: View) -> None:
    with psycopg.connect(view.url, autocommit=True) as connection:
        for statement in ("SELECT * FROM auth.rows", "DELETE FROM auth.session_view", "CREATE TABLE x (y int)"):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)


def test_a_missing_view_or_another_version_of_it_is_unavailable(view: View) -> None:
    view.put("future", version=2)
    with pytest.raises(SessionsUnavailable):
        sessions_at(view.url).find("future")
    view.owner.execute("DROP VIEW auth.session_view")
    with pytest.raises(SessionsUnavailable):
        sessions_at(view.url).find("s1")


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "postgres"])
def test_sqlalchemys_spelling_of_the_url_is_understood(view: View, scheme: str) -> None:
    assert sessions_at(view.url.replace("postgresql", scheme, 1)).find("s1") == SESSION


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite:", "/tmp/x"])
def test_another_url_is_a_mistake_of_the_settings(url: str) -> None:
    with pytest.raises(ValueError, match="AUTH_VIEW_URL"):
        sessions_at(url)


def test_the_front_door_works_on_postgresql(view: View) -> None:
    door = FrontDoor(auth_view_url=view.url)
    try:
        door.start()
        assert door.get("/api/v1/me", headers=bearer()).status_code == 200
        for pid in view.backends():
            view.owner.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        assert {door.get("/api/v1/me", headers=bearer()).status_code for _ in range(20)} == {200}
        view.owner.execute("DROP VIEW auth.session_view")
        assert door.get("/api/v1/me", headers=bearer()).status_code == 503
    finally:
        door.stop()


def test_the_sqlite_file_is_only_read(tmp_path: Path) -> None:
    path = tmp_path / "data-auth.db"
    with pytest.raises(SessionsUnavailable):
        sessions_at(f"sqlite:///{path}").find("s1")
    assert not path.exists()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(VIEW)
        database.execute(
            f"INSERT INTO session_view VALUES ('s1', 7, 1, 1, 'consumer', '{PHONE}', 'Ravi', NULL, NULL, 1)"
        )
    sessions = SqliteSessions(path)
    assert sessions.find("s1") == SESSION
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        sessions._kept.connection.execute("DELETE FROM session_view")
