"""Sessions as the auth service publishes them: one row of `auth.session_view` a request, never cached.

So an acknowledged logout, suspension or change of role holds from the next request on (DESIGN.md §4).
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, cast
from urllib.parse import quote

import psycopg

from habrio_shared import telemetry
from habrio_shared.errors import Unavailable
from habrio_shared.identity.caller import Role
from habrio_shared.metrics.series import QUERY_SECONDS

log = logging.getLogger(__name__)

CONTRACT_VERSION: Final = 1
COLUMNS: Final = "user_id, live, active, role, phone, name, city, society, contract_version"
STATEMENT_TIMEOUT_MS: Final = 2000
CONNECT_TIMEOUT_SECONDS: Final = 2
ROLES: Final = frozenset({"consumer", "vendor", "admin"})


class SessionsUnavailable(Unavailable):
    """The auth database does not answer, or its view is of another version: nobody can be let in."""

    sentence = "Signing in is not available just now, please try again"


@dataclass(frozen=True, slots=True)
class Session:
    """One session and its user as the auth database has them now. `role` is "none" before basic onboarding."""

    session_id: str
    user_id: int
    live: bool
    active: bool
    role: Role
    phone: str
    name: str
    city: str
    society: str


class Sessions(Protocol):
    """Where the verifier looks sessions up."""

    def find(self, session_id: str) -> Session | None:
        """The session, or None if there is none of this id. Raises SessionsUnavailable."""


def sessions_at(url: str) -> Sessions:
    """The port for AUTH_VIEW_URL: PostgreSQL, or an SQLite file opened read only. Connects at the first use."""
    if url.startswith("sqlite:///"):
        return SqliteSessions(Path(url.removeprefix("sqlite:///")))
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise ValueError("AUTH_VIEW_URL is neither postgresql:// nor sqlite:///")
    return PostgresSessions(f"postgresql://{rest}")


def _session(session_id: str, row: tuple[Any, ...]) -> Session:
    user_id, live, active, role, phone, name, city, society, version = row
    if version != CONTRACT_VERSION:
        log.error("auth.session_view has contract version %s, this gateway reads %s", version, CONTRACT_VERSION)
        raise SessionsUnavailable
    return Session(
        session_id=session_id,
        user_id=user_id,
        live=bool(live),
        active=bool(active),
        role=cast(Role, role) if role in ROLES else "none",
        phone=phone,
        name=name or "",
        city=city or "",
        society=society or "",
    )


class PostgresSessions:
    """One kept connection and one prepared statement a thread; a broken connection is replaced once a request."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._kept = threading.local()

    def find(self, session_id: str) -> Session | None:
        try:
            try:
                row = self._row(session_id)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                if not self._was_cut():
                    raise
                self._forget()
                row = self._row(session_id)
        except psycopg.Error as error:
            self._forget()
            log.error("auth.session_view: %s: %s", type(error).__name__, error)
            raise SessionsUnavailable from error
        return None if row is None else _session(session_id, row)

    def _row(self, session_id: str) -> tuple[Any, ...] | None:
        connection: psycopg.Connection | None = getattr(self._kept, "connection", None)
        if connection is None:
            connection = self._kept.connection = self._connect()
        query = f"SELECT {COLUMNS} FROM auth.session_view WHERE session_id = %s"  # noqa: S608 — COLUMNS is a constant
        with QUERY_SECONDS.labels("select").time(), telemetry.query("postgresql", query):
            return connection.execute(query, (session_id,), prepare=True).fetchone()

    def _was_cut(self) -> bool:
        """Whether it was the kept connection that failed (a restarted server): then a new one may do."""
        connection: psycopg.Connection | None = getattr(self._kept, "connection", None)
        return connection is not None and connection.closed

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            self._url,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            application_name="habrio-gateway",
            options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c default_transaction_read_only=on",
            # A server that vanished without a word is noticed within seconds.
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=2,
            tcp_user_timeout=STATEMENT_TIMEOUT_MS + 1000,
        )

    def _forget(self) -> None:
        connection: psycopg.Connection | None = getattr(self._kept, "connection", None)
        self._kept.connection = None
        if connection is not None:
            connection.close()


class SqliteSessions:
    """The auth service's SQLite file, opened read only, a connection a thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = threading.local()

    def find(self, session_id: str) -> Session | None:
        try:
            row = self._row(session_id)
        except sqlite3.Error as error:
            self._kept.connection = None
            log.error("session_view: %s", error)
            raise SessionsUnavailable from error
        return None if row is None else _session(session_id, row)

    def _row(self, session_id: str) -> tuple[Any, ...] | None:
        connection: sqlite3.Connection | None = getattr(self._kept, "connection", None)
        if connection is None:
            place = f"file:{quote(str(self._path))}?mode=ro"
            connection = self._kept.connection = sqlite3.connect(
                place, uri=True, timeout=STATEMENT_TIMEOUT_MS / 1000, isolation_level=None
            )
        query = f"SELECT {COLUMNS} FROM session_view WHERE session_id = ?"  # noqa: S608 — COLUMNS is a constant
        with QUERY_SECONDS.labels("select").time(), telemetry.query("sqlite", query):
            row: tuple[Any, ...] | None = connection.execute(query, (session_id,)).fetchone()
        return row
