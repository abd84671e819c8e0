"""`flask db-migrate-safe`, `db-upgrade-safe`, `db-stamp-safe`, and `openapi-write`.

The safe ones do what Flask-Migrate's do, but are refused in staging and production unless ALLOW_DB_MIGRATIONS=true, so
that no start of a service changes a schema by accident.
"""

from __future__ import annotations

import json
from pathlib import Path

import click
import flask_migrate
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy

from habrio_shared.migrations.state import has_what_we_need
from habrio_shared.settings import ServiceSettings


def _refuse_in_production() -> None:
    settings: ServiceSettings = current_app.extensions["habrio_settings"]
    if settings.app_env == "production" and not settings.allow_db_migrations:
        raise click.ClickException(
            "migrations are refused in production; set ALLOW_DB_MIGRATIONS=true for the one process that is to run them"
        )


def upgrade(app: Flask, folder: Path) -> bool:
    """Bring the app's database to the newest revision; True if there was anything to do. Refused in production.

    A database that a later release has migrated is left alone: going back to a release is a deployment like any.
    """
    with app.app_context():
        _refuse_in_production()
        if has_what_we_need(folder / "migrations"):
            return False
        flask_migrate.upgrade(directory=str(folder / "migrations"))
    return True


def register_commands(app: Flask, db: SQLAlchemy, folder: Path) -> None:
    """Add the commands to `flask` in the service's folder."""
    directory = str(folder / "migrations")
    flask_migrate.Migrate(app, db, directory=directory)

    @app.cli.command("db-migrate-safe")
    @click.option("-m", "--message", required=True, help="What the migration does.")
    def db_migrate_safe(message: str) -> None:
        """Write a migration for what the models have and the database has not."""
        _refuse_in_production()
        flask_migrate.migrate(directory=directory, message=message)

    @app.cli.command("db-upgrade-safe")
    def db_upgrade_safe() -> None:
        """Bring the database to the newest revision."""
        if not upgrade(app, folder):
            click.echo("nothing to do")

    @app.cli.command("db-stamp-safe")
    @click.argument("revision", default="head")
    def db_stamp_safe(revision: str) -> None:
        """Note in the database that it is at REVISION, without running anything."""
        _refuse_in_production()
        flask_migrate.stamp(directory=directory, revision=revision)

    @app.cli.command("openapi-write")
    def openapi_write() -> None:
        """Write the service's OpenAPI document to openapi.json in its folder."""
        document = app.test_client().get("/openapi.json").get_json()
        (folder / "openapi.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
