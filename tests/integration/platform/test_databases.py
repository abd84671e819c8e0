"""Each service's database: its own, at the revision its code wants, changed by one starter at a time."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest

from tests.support.database import ROOT, SECRETS
from tests.support.stack import Servers

SERVICES = ("auth", "consumer", "vendor", "admin", "agent")
STRONG = {
    "JWT_SECRET": "kJ8mQ2vT5xZ7bN4cR9wE6yU3iO1pA0sD",
    "INTERNAL_SECRET": "hG5fD2sA9pO6iU3yT0rE7wQ4zX1cV8bN",
    "OTP_PEPPER": "mL3kJ6hG9fD2sA5pO8iU1yT4rE7wQ0zX",
    "NOTIFY_URL": "none",
}


def flask(service: str, url: str, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    """`flask …` in the service's folder, as an operator types it."""
    environment = {**os.environ, "APP_ENV": "testing", "DATABASE_URL": url, **SECRETS, **settings}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT / "services" / service,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        return [name for (name,) in rows]


@pytest.mark.parametrize("reader", [*SERVICES, "gateway"])
def test_no_role_can_read_another_services_tables(postgres: Servers, reader: str) -> None:
    databases = postgres.fresh_database()
    for owner in SERVICES:
        with psycopg.connect(databases.urls[owner]) as connection:
            connection.execute("CREATE TABLE secret (id int)")
    url = databases.view_url if reader == "gateway" else databases.urls[reader]
    for owner in SERVICES:
        with psycopg.connect(url) as connection:
            if owner == reader:
                connection.execute(f"SELECT * FROM {owner}.secret")
                continue
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT * FROM {owner}.secret")


def test_two_starters_at_once_migrate_once(postgres: Servers) -> None:
    url = postgres.fresh_database().urls["vendor"]
    starters = [flask("vendor", url, "db-upgrade-safe") for _ in range(2)]
    outputs = [starter.communicate(timeout=60)[0] for starter in starters]
    assert [starter.returncode for starter in starters] == [0, 0], outputs
    assert sum("Running upgrade" in output for output in outputs) == 1
    assert {"alembic_version", "items", "vendor_orders"} <= set(tables(url))


def test_production_refuses_migrations_unless_they_are_allowed(postgres: Servers) -> None:
    url = postgres.fresh_database().urls["auth"]
    for command in (["db-upgrade-safe"], ["db-stamp-safe", "head"], ["db-migrate-safe", "-m", "x"]):
        refused = flask("auth", url, *command, APP_ENV="production", **STRONG)
        output, _ = refused.communicate(timeout=60)
        assert refused.returncode == 1
        assert "ALLOW_DB_MIGRATIONS=true" in output
    assert tables(url) == []
    allowed = flask("auth", url, "db-upgrade-safe", APP_ENV="production", ALLOW_DB_MIGRATIONS="true", **STRONG)
    output, _ = allowed.communicate(timeout=60)
    assert allowed.returncode == 0, output
    assert "users" in tables(url)


@pytest.mark.parametrize("weak", ["changeme-changeme-changeme-changeme", "short", STRONG["OTP_PEPPER"]])
def test_a_weak_or_equal_secret_stops_the_start_in_production(postgres: Servers, weak: str) -> None:
    started = flask(
        "auth", "postgresql://nobody@127.0.0.1:1/x", "routes", APP_ENV="production", **{**STRONG, "JWT_SECRET": weak}
    )
    output, _ = started.communicate(timeout=60)
    assert started.returncode != 0
    assert "too weak" in output or "equal" in output
    assert weak not in output


@pytest.mark.parametrize("service", SERVICES)
def test_the_models_are_what_the_migrations_make(postgres: Servers, service: str) -> None:
    url = postgres.fresh_database().urls[service]
    for arguments in (["db-upgrade-safe"], ["db", "check"]):
        command = flask(service, url, *arguments)
        output, _ = command.communicate(timeout=60)
        assert command.returncode == 0, output
