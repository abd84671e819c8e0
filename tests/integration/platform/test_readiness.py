"""A service says when it cannot do its work, and why."""

from __future__ import annotations

from sqlalchemy import text

from habrio_auth.app import FOLDER, create_app
from habrio_shared.database import transaction
from habrio_shared.migrations.cli import upgrade
from tests.support.database import service_app
from tests.support.stack import Servers


def test_a_database_at_an_older_revision_is_not_ready(postgres: Servers) -> None:
    app = service_app(postgres, create_app, "auth")
    client = app.test_client()
    assert client.get("/ready").get_json() == {"status": "ready", "checks": {"database": True, "migrations": True}}
    with app.app_context(), transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    behind = client.get("/ready")
    assert behind.status_code == 503
    assert behind.get_json()["checks"] == {"database": True, "migrations": False}


def test_a_database_that_a_later_release_has_migrated_is_ready_and_left_alone(postgres: Servers) -> None:
    """Migrations run before the code that needs them: what runs meanwhile, or comes back, must not fall out."""
    app = service_app(postgres, create_app, "auth")
    with app.app_context(), transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'of a later release'"))
    assert app.test_client().get("/ready").status_code == 200
    assert not upgrade(app, FOLDER)
    with app.app_context(), transaction() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar() == "of a later release"


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
