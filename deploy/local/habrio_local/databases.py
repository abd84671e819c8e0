"""The URL of each service's database, and making the roles and schemas behind them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from habrio_local.home import CHECKOUT
from habrio_local.problem import Problem
from habrio_local.secrets import role_password

SERVICES = ("auth", "consumer", "vendor", "admin", "agent")
ROLES_SQL = CHECKOUT / "deploy" / "postgres" / "roles.sql"
CONNECT_WAIT_SECONDS = 30.0
INSUFFICIENT_PRIVILEGE = "42501"


@dataclass(frozen=True)
class Databases:
    """`urls` by service, and `view_url`, where the gateway reads auth's session view; `warning` is for the person."""

    urls: Mapping[str, str] = field(repr=False)
    view_url: str = field(repr=False)
    warning: str = ""


def sqlite(url: str) -> Databases:
    """Files beside the one that the URL names, `data-<service>.db` for `data.db`; each service derives its own name."""
    path = Path(url.removeprefix("sqlite:///")).absolute()
    if path.suffix != ".db":
        raise Problem("A SQLite DATABASE_URL must name a file that ends in .db, for example sqlite:///data.db.")
    path.parent.mkdir(parents=True, exist_ok=True)
    return Databases(
        urls=dict.fromkeys(SERVICES, f"sqlite:///{path}"),
        view_url=f"sqlite:///{path.with_name(f'{path.stem}-auth.db')}",
    )


def for_roles(admin_url: str, secret: str) -> Databases:
    """URLs of the roles that `make_roles` makes, on the server and in the database of `admin_url`."""
    urls = {service: _as_role(admin_url, f"habrio_{service}", secret) for service in (*SERVICES, "gateway")}
    return Databases(urls={service: urls[service] for service in SERVICES}, view_url=urls["gateway"])


def for_one_role(url: str) -> Databases:
    """One role, five schemas: each service finds its own by the search path."""
    return Databases(
        urls={service: _with_search_path(url, service) for service in SERVICES},
        view_url=_with_search_path(url, "auth"),
        warning=(
            "The role of DATABASE_URL may not create roles: five schemas under one role are used,"
            " so a service could read another's tables."
        ),
    )


def make_database(admin_url: str, name: str) -> None:
    """Create the database on our own server unless it is there; waits for the server to come up. Raises Problem."""
    with _connect_patiently(admin_url) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def make_roles(admin_url: str, secret: str, *, exclusive: bool) -> None:
    """Make roles and schemas in the database of `admin_url`; nothing changes when they are there.

    `exclusive`: the database is ours alone, so that everybody else may be shut out of it.
    """
    with _connect_patiently(admin_url) as connection, connection.transaction():
        for service in (*SERVICES, "gateway"):
            password = role_password(secret, f"habrio_{service}")
            connection.execute("SELECT set_config(%s, %s, true)", (f"habrio.password_{service}", password))
        connection.execute("SELECT set_config('habrio.exclusive', %s, true)", ("on" if exclusive else "off",))
        connection.execute(ROLES_SQL.read_bytes())


def on_given_server(url: str) -> Databases:
    """Roles and schemas in the database that DATABASE_URL names, or five schemas under its one role. Raises Problem."""
    url = plain(url)
    secret = urlsplit(url).password or ""
    with _connect_patiently(url, wait_seconds=5) as connection:
        row = connection.execute(
            "SELECT rolsuper OR (rolcreaterole AND has_database_privilege(current_database(), 'CREATE'))"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        may_make_roles = bool(row and row[0]) and bool(secret)
        if not may_make_roles:
            _make_schemas(connection)
            return for_one_role(url)
    try:
        make_roles(url, secret, exclusive=False)
    except psycopg.errors.InsufficientPrivilege as error:
        raise Problem(
            f"Roles and schemas could not be made by DATABASE_URL's role: {error.diag.message_primary}"
        ) from error
    return for_roles(url, secret)


def plain(url: str) -> str:
    """The URL as PostgreSQL's own library reads it, without SQLAlchemy's driver name."""
    scheme, _, rest = url.partition("://")
    return f"postgresql://{rest}" if scheme.split("+")[0] in ("postgresql", "postgres") else url


def _make_schemas(connection: psycopg.Connection) -> None:
    try:
        for service in SERVICES:
            found = connection.execute("SELECT FROM pg_namespace WHERE nspname = %s", (service,)).fetchone()
            if found is None:
                connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(service)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise Problem(
            "DATABASE_URL's role may create neither roles nor schemas. Give it CREATE on the database, or let its owner"
            f" make the schemas {', '.join(SERVICES)}."
        ) from error


def _connect_patiently(url: str, wait_seconds: float = CONNECT_WAIT_SECONDS) -> psycopg.Connection:
    """A connection, tried until the server is up. Raises Problem; a refused password is not tried again."""
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return psycopg.connect(url, autocommit=True, connect_timeout=3)
        except psycopg.ProgrammingError as error:
            raise Problem(f"The database URL cannot be understood: {error}") from error
        except psycopg.OperationalError as error:
            refused = any(word in str(error) for word in ("authentication failed", "no password", "does not exist"))
            if refused or time.monotonic() > deadline:
                where = urlsplit(url)
                raise Problem(
                    f"The database at {where.hostname}:{where.port or 5432} does not let us in: {str(error).strip()}"
                ) from error
        time.sleep(0.05)


def _as_role(url: str, role: str, secret: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{role_password(secret, role)}@{host}"))


def _with_search_path(url: str, schema: str) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    query["options"] = f"{unquote(query.get('options', ''))} -csearch_path={schema}".strip()
    return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))
