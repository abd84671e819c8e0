"""A service says when it cannot do its work, and why."""

from __future__ import annotations

from sqlalchemy import text

from habrio_auth.app import create_app
from habrio_shared.database import transaction
from tests.support.database import service_app
from tests.support.stack import Servers


def test_a_database_at_another_revision_is_not_ready(postgres: Servers) -> None:
    app = service_app(postgres, create_app, "auth")
    client = app.test_client()
    assert client.get("/ready").get_json() == {"status": "ready", "checks": {"database": True, "migrations": True}}
    with app.app_context(), transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    behind = client.get("/ready")
    assert behind.status_code == 503
    assert behind.get_json()["checks"] == {"database": True, "migrations": False}


def test_a_database_that_is_away_is_not_ready_but_the_process_is_healthy(postgres: Servers) -> None:
    app = service_app(postgres, create_app, "auth")
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
        app.extensions["sqlalchemy"].engine.pool._creator = _refuse
    client = app.test_client()
    assert client.get("/ready").status_code == 503
    assert client.get("/health").get_json() == {"status": "ok"}


def _refuse(*_arguments: object) -> None:
    import psycopg

    raise psycopg.OperationalError("connection refused")
