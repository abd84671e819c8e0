"""What is committed beside the code agrees with it, there and back; and what is kept for a while only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import MetaData, func, inspect, select, update

from habrio_admin.app import FOLDER, create_app
from habrio_admin.housekeeping.tasks import housekeeping
from habrio_shared.database import after, reading, transaction
from habrio_shared.idempotency.tables import idempotency_keys
from habrio_shared.outbox.tables import outbox
from tests.integration.admin.town import Town
from tests.support.database import service_app
from tests.support.stack import Servers

EIGHT_DAYS_AGO, FORTY_DAYS_AGO = after(-8 * 86_400), after(-40 * 86_400)


def test_the_migrated_database_has_just_what_the_models_say(apps: dict[str, Flask]) -> None:
    app = apps["admin"]
    everything = MetaData(naming_convention=app.extensions["habrio_metadatas"][0].naming_convention)
    for metadata in app.extensions["habrio_metadatas"]:
        for table in metadata.tables.values():
            table.to_metadata(everything)
    with app.app_context(), reading() as session:
        context = MigrationContext.configure(session.connection())
        differences = [found for found in compare_metadata(context, everything) if "alembic_version" not in str(found)]
    assert differences == []


def test_the_migrations_go_back_to_nothing_and_there_again(postgres: Servers, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"LOG_LEVEL": "CRITICAL"}
    if os.environ.get("HABRIO_TEST_DATABASE") == "sqlite":
        settings["ADMIN_DATABASE_URL"] = f"sqlite:///{tmp_path}/data.db"
    app = service_app(postgres, create_app, "admin", **settings)
    with app.app_context():
        flask_migrate.downgrade(directory=str(FOLDER / "migrations"), revision="base")
        assert set(inspect(app.extensions["sqlalchemy"].engine).get_table_names()) == {"alembic_version"}
        flask_migrate.upgrade(directory=str(FOLDER / "migrations"))
    assert app.test_client().get("/ready").get_json()["checks"] == {"database": True, "migrations": True}


def test_keys_and_delivered_messages_are_forgotten_and_entries_are_not(town: Town) -> None:
    user_id = town.new_caller("consumer").user_id
    key = {"Idempotency-Key": "k"}
    done = town.admin.post(f"/admin/users/{user_id}/suspend", {"reason": "x"}, headers=key)
    mine = idempotency_keys.c.user_id == town.admin.caller.user_id
    row = outbox.c.key == f"act:{done['act_id']}"
    with town.apps["admin"].app_context():
        with transaction() as session:
            session.execute(update(idempotency_keys).where(mine).values(created_at=EIGHT_DAYS_AGO))
            session.execute(update(outbox).where(row).values(done_at=FORTY_DAYS_AGO))
        housekeeping()
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(idempotency_keys).where(mine)) == 0
            assert session.scalar(select(func.count()).select_from(outbox).where(row)) == 0
    assert [entry["act_id"] for entry in town.entries(target=f"user:{user_id}")] == [done["act_id"]]
    again = town.admin.post(f"/admin/users/{user_id}/suspend", {"reason": "x"}, headers=key)
    assert again["act_id"] != done["act_id"]


def test_the_service_answers_nobody_without_a_token(apps: dict[str, Flask]) -> None:
    client = apps["admin"].test_client()
    assert client.get("/api/v1/admin/audit").status_code == 401
    assert client.post("/api/v1/admin/users/1/suspend", json={"reason": "x"}).status_code == 401
