"""The view that the gateway reads on every request: what it holds, and that its role reads nothing else."""

from __future__ import annotations

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from habrio_auth.app import create_app
from habrio_shared.database import reading
from tests.integration.auth.people import log_in, with_token
from tests.support.database import service_app
from tests.support.stack import Servers


def test_the_gateway_s_role_reads_the_view_and_nothing_else(postgres: Servers) -> None:
    databases = postgres.fresh_database()
    app = service_app(postgres, create_app, "auth", databases=databases)
    tokens = log_in(app)
    with psycopg.connect(databases.view_url, autocommit=True) as connection:
        cursor = connection.execute("SELECT * FROM auth.session_view")
        row = cursor.fetchone()
        assert row is not None
        assert cursor.description is not None
        found = dict(zip([column.name for column in cursor.description], row, strict=True))
        assert found.pop("session_id")
        assert found.pop("user_id") == 1
        assert found == {
            "live": True,
            "active": True,
            "role": None,
            "phone": f"+91{tokens.phone}",
            "name": "",
            "city": "",
            "society": "",
            "contract_version": 1,
        }
        for table in ("users", "sessions", "otps", "otp_quotas", "test_support_otps", "inbox"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT 1 FROM auth.{table}")
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
            connection.execute("CREATE TABLE auth.mine (n int)")


def test_a_session_of_nobody_is_no_row(app: Flask) -> None:
    tokens = log_in(app)
    assert with_token(app, tokens.access).caller.phone == f"+91{tokens.phone}"
    assert app.extensions["tests_session_view"].find("none-such") is None


def test_the_models_are_what_the_migrations_make(app: Flask) -> None:
    tables = {name for metadata in app.extensions["habrio_metadatas"] for name in metadata.tables}

    def is_ours(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or name in tables

    with app.app_context(), reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"include_name": is_ours, "compare_type": True})
        differences = compare_metadata(context, app.extensions["habrio_metadatas"])
    assert differences == []
