"""What is committed beside the code agrees with it: the migrations and the OpenAPI document."""

from __future__ import annotations

import json

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import MetaData, inspect, text

from habrio_shared.database import reading
from habrio_shared.ledger.tables import entries
from habrio_vendor.app import FOLDER


def test_the_migrated_database_has_just_what_the_models_say(app: Flask) -> None:
    everything = MetaData(naming_convention=app.extensions["habrio_metadatas"][0].naming_convention)
    for metadata in app.extensions["habrio_metadatas"]:
        for table in metadata.tables.values():
            table.to_metadata(everything)
    with app.app_context(), reading() as session:
        context = MigrationContext.configure(session.connection())
        differences = [found for found in compare_metadata(context, everything) if "alembic_version" not in str(found)]
    assert differences == []


def test_every_foreign_key_has_an_index(app: Flask) -> None:
    with app.app_context(), reading() as session:
        inspector = inspect(session.connection())
        for table in inspector.get_table_names():
            indexed: list[list[str | None]] = [index["column_names"] for index in inspector.get_indexes(table)]
            indexed += [[*unique["column_names"]] for unique in inspector.get_unique_constraints(table)]
            indexed.append([*inspector.get_pk_constraint(table)["constrained_columns"]])
            for key in inspector.get_foreign_keys(table):
                columns = key["constrained_columns"]
                assert any(index[: len(columns)] == columns for index in indexed), (table, columns)


def test_ledger_log_and_stock_moves_are_append_only_once_migrated(app: Flask) -> None:
    query = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        query = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    with app.app_context(), reading() as session:
        triggers = set(session.scalars(query))
    assert any(name.startswith(entries.name) for name in triggers)
    assert any(name.startswith("ledger_postings") for name in triggers)
    assert any(name.startswith("shop_log") for name in triggers)
    assert any(name.startswith("stock_moves") for name in triggers), "a migration that makes the table anew loses them"


def test_the_committed_openapi_document_is_that_of_the_code(app: Flask) -> None:
    committed = json.loads((FOLDER / "openapi.json").read_text(encoding="utf-8"))
    assert committed == app.test_client().get("/openapi.json").get_json(), "run: flask openapi-write"


def test_the_service_is_ready_and_answers_nobody_else_without_a_token(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/ready").get_json()["checks"] == {"database": True, "migrations": True}
    assert client.get("/api/v1/vendor/shop/my").status_code == 401
    assert client.post("/internal/messages/orders.place", json={}).status_code == 401
