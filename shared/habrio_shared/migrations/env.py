"""What every service's `migrations/env.py` runs: Alembic on the current app's database, one starter at a time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, MetaData, text


def run() -> None:
    """Run the migrations that the command asks for. The tables are those of the service and of its mechanisms."""
    metadatas: list[MetaData] = current_app.extensions["habrio_metadatas"]
    database = current_app.extensions["sqlalchemy"]
    own = {table.name for metadata in metadatas for table in metadata.tables.values()}

    def include_name(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "table" or name in own

    with database.engine.connect() as connection, _alone(connection, current_app.name):
        context.configure(
            connection=connection,
            target_metadata=metadatas,
            include_name=include_name,
            compare_type=True,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite changes a constraint by making the table anew, which must not delete the rows that refer to it.

    The pragma has no effect within a transaction, hence not through SQLAlchemy, which begins one.
    """
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if broken := raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"after the migration rows refer to what is not there: {broken[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.close()


@contextmanager
def _alone(connection: Connection, service: str) -> Iterator[None]:
    """Hold the service's advisory lock, so that a second starter waits and then finds everything done."""
    if connection.dialect.name == "sqlite":
        with _without_foreign_keys(connection):
            yield
        return
    key = zlib.crc32(f"habrio-migrations:{service}".encode())
    connection.execute(text("SET statement_timeout = 0"))
    connection.execute(text("SET lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
        connection.commit()
        connection.invalidate()  # its session settings are not the pool's
