"""The service's database: one engine, explicit transactions, a few portable column types.

PostgreSQL is the database; SQLite serves a single small machine and the tests that run there (DESIGN.md §2).
"""

from __future__ import annotations

import select as sockets
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Insert,
    Integer,
    Table,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator

from habrio_shared import faults

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""An id: 64 bits in PostgreSQL; SQLite counts up only an INTEGER primary key."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware, in UTC, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class db_now(FunctionElement[datetime]):  # noqa: N801 — reads as the SQL function it stands for
    """The database's clock as it is now; not when the transaction began. Add an interval with `after`."""

    type = UtcDateTime()
    inherit_cache = True


class after(FunctionElement[datetime]):  # noqa: N801 — reads as the SQL function it stands for
    """`after(seconds)`: the database's clock plus so many seconds (may be negative or a column expression)."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(db_now)
def _now(_element: db_now, _compiler: SQLCompiler, **_kw: Any) -> str:
    return "clock_timestamp()"


@compiles(db_now, "sqlite")
def _now_sqlite(_element: db_now, _compiler: SQLCompiler, **_kw: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


@compiles(after)
def _after(element: after, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    return f"(clock_timestamp() + CAST({seconds} AS double precision) * interval '1 second')"


@compiles(after, "sqlite")
def _after_sqlite(element: after, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', ({seconds}) || ' seconds')"


def engine_options(url: str, *, pool_size: int, statement_timeout_ms: int, application: str) -> dict[str, Any]:
    """SQLAlchemy's engine options for `url`: bounded pool, bounded statements; see `prepare` for the rest."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"hide_parameters": True, "connect_args": {"timeout": statement_timeout_ms / 1000}}
    bounds = f"-c statement_timeout={statement_timeout_ms} -c lock_timeout=3000"
    given = make_url(url).query.get("options", "")
    return {
        "hide_parameters": True,  # an error's text goes into the log, and what is written into rows is people's
        "pool_size": pool_size,
        "max_overflow": 2,
        "pool_timeout": 3,
        "pool_recycle": 1800,
        "connect_args": {
            "connect_timeout": 2,
            "application_name": application,
            "options": f"{given} {bounds} -c idle_in_transaction_session_timeout=15000".strip(),
        },
    }


_ONLY_READS = "habrio_only_reads"


def prepare(engine: Engine) -> None:
    """What an engine of ours needs beyond its options, before its first connection."""
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    else:
        _look_before_use(engine)


def _look_before_use(engine: Engine) -> None:
    """A kept connection that the server has ended meanwhile is replaced, and all of its age with it.

    The server says nothing to an idle connection but good-bye: one that can be read from is over. To look takes no
    round trip, as a ping would.
    """

    @event.listens_for(engine, "checkout")
    def _look(connection: DBAPIConnection, _record: object, _proxy: object) -> None:
        line = sockets.poll()
        line.register(connection.pgconn.socket, sockets.POLLIN)
        if line.poll(0):
            raise InvalidatePoolError


def prepare_sqlite(engine: Engine) -> None:
    """WAL, foreign keys, and BEGIN IMMEDIATE: a transaction that means to write waits at its start, not at its end."""

    @event.listens_for(engine, "connect")
    def _connect(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # the driver is not to begin transactions by itself
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN" if options.get(_ONLY_READS) else "BEGIN IMMEDIATE")


_open: ContextVar[bool] = ContextVar("habrio_transaction_open", default=False)


def _engine() -> Engine:
    database: SQLAlchemy = current_app.extensions["sqlalchemy"]
    return database.engine


def _autocommitting() -> Engine:
    """The same engine, of which each statement is by itself; kept, for to derive it costs as much as a query."""
    derived: Engine | None = current_app.extensions.get("habrio_autocommitting")
    if derived is None:
        derived = current_app.extensions["habrio_autocommitting"] = _engine().execution_options(
            isolation_level="AUTOCOMMIT"
        )
    return derived


@contextmanager
def transaction() -> Iterator[Session]:
    """One database transaction of the current app's database: committed at the end, rolled back on any error.

    One verb is one transaction: opening a second one inside is a RuntimeError, for it would commit by itself
    and could wait for the first for ever.
    """
    if _open.get():
        raise RuntimeError("a transaction is open already; pass its session on")
    token = _open.set(True)
    whose = faults.committing()
    try:
        with Session(_engine(), autoflush=False, expire_on_commit=False) as session, session.begin():
            yield session
            faults.commit_point(whose, "before")
    finally:
        _open.reset(token)
    faults.commit_point(whose, "after")


@contextmanager
def reading() -> Iterator[Session]:
    """A session for queries that need no common snapshot: each statement by itself, no BEGIN and COMMIT around."""
    with Session(_autocommitting(), autoflush=False) as session:
        yield session


@contextmanager
def reading_columns() -> Iterator[Connection]:
    """The same for queries of columns alone. A session and its objects cost more than to find and to send the rows."""
    with _autocommitting().connect() as connection:
        yield connection


@contextmanager
def snapshot() -> Iterator[Session]:
    """A read-only session whose queries all see the same instant (REPEATABLE READ; a read transaction of SQLite)."""
    with Session(at_one_instant(_engine()), autoflush=False) as session, session.begin():
        yield session


def at_one_instant(engine: Engine) -> Engine:
    """The engine for transactions that read only, each as of its first query; on SQLite they hold up no writer."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_ONLY_READS: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def in_transaction() -> bool:
    """True inside `transaction()`: nothing may leave the process there."""
    return _open.get()


def try_lock(session: Session, name: str) -> bool:
    """Take the lock `name` until this transaction ends, unless another process has it: one runs a job, others skip it.

    SQLite has one writer at a time anyway: always True.
    """
    if session.get_bind().dialect.name == "sqlite":
        return True
    key = zlib.crc32(f"habrio:{current_app.name}:{name}".encode())
    return bool(session.execute(select(func.pg_try_advisory_xact_lock(key))).scalar_one())


def insert_ignore(session: Session, table: Table | type[Any], values: Mapping[str, Any]) -> bool:
    """Insert one row unless its key is there already; True if it was inserted. A value may be `db_now()` or `after(…)`.

    A concurrent insert of the same key is waited for (PostgreSQL: at most lock_timeout, 3 s).
    """
    into = table if isinstance(table, Table) else table_of(table)
    computed = {name: value for name, value in values.items() if isinstance(value, FunctionElement)}
    now = tuple(name for name, value in computed.items() if isinstance(value, db_now))
    insert = _insert_unless_there(session.get_bind().dialect.name, into, now)
    if len(computed) > len(now):
        insert = insert.values({name: value for name, value in computed.items() if name not in now})
    given = {name: value for name, value in values.items() if name not in computed}
    return cast("CursorResult[Any]", session.execute(insert, given)).rowcount == 1


@lru_cache(maxsize=256)
def _insert_unless_there(dialect_name: str, table: Table, now: tuple[str, ...]) -> Insert:
    """Made once for each table: to make a statement anew costs about as much as to send it (tests/bench)."""
    insert = unless_there(dialect_name, table).values(dict.fromkeys(now, db_now()))
    # Without preserve_rowcount an INSERT's count is read from a closed cursor: -1 with psycopg, whatever happened.
    return insert.execution_options(preserve_rowcount=True)


def table_of(model: type[Any]) -> Table:
    """A model's table, for statements that read and write columns: no objects are made of their rows."""
    return cast("Table", model.__table__)


def unless_there(dialect_name: str, table: Table) -> Insert:
    """`INSERT … ON CONFLICT DO NOTHING`, to be given values and perhaps a RETURNING."""
    make = sqlite.insert if dialect_name == "sqlite" else postgresql.insert
    return make(table).on_conflict_do_nothing()
