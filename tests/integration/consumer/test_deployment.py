"""What is committed beside the code agrees with it, and nobody gets in without the gateway's signature."""

from __future__ import annotations

import json

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import MetaData, inspect

from habrio_consumer.app import FOLDER
from habrio_shared.database import reading
from tests.support.signed import anonymous, service


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


def test_the_committed_openapi_document_is_that_of_the_code(app: Flask) -> None:
    committed = json.loads((FOLDER / "openapi.json").read_text(encoding="utf-8"))
    assert committed == app.test_client().get("/openapi.json").get_json(), "run: make openapi"


def test_only_the_gateway_brings_people_and_only_the_vendor_tells_of_moves(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/ready").get_json()["checks"] == {"database": True, "migrations": True}
    assert client.get("/api/v1/consumer/wallet").status_code == 401
    anonymous(app).get("/consumer/wallet", expect=401)
    service(app, "vendor").get("/consumer/wallet", expect=401)
    for name in ("auth", "admin"):
        service(app, name).post("/internal/messages/orders.moved", {}, expect=401)
    anonymous(app).post("/internal/messages/orders.moved", {}, expect=401)
