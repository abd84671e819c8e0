"""The vendor service on a real PostgreSQL, migrated as in production; HABRIO_TEST_DATABASE=sqlite: on SQLite."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from habrio_shared.migrations.cli import upgrade
from habrio_vendor.app import FOLDER, create_app
from habrio_vendor.settings import VendorSettings
from tests.integration.vendor.people import World, make_world

IS_SQLITE = os.environ.get("HABRIO_TEST_DATABASE") == "sqlite"

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture(scope="session")
def vendor_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database as the vendor's own role sees it."""
    if IS_SQLITE:
        return f"sqlite:///{tmp_path_factory.mktemp('vendor')}/data.db"
    url: str = request.getfixturevalue("postgres").fresh_database().urls["vendor"]
    return url


@pytest.fixture(scope="session")
def app(vendor_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The service, its database at head; 5 % commission, so that a commission can be seen."""
    settings = VendorSettings.model_validate(
        {
            "app_env": "testing",
            "log_level": "ERROR",
            "database_url": vendor_database_url,
            "database_pool_size": 25,
            "internal_secret": "7c" * 32,
            "commission_basis_points": 500,
            "secret_key": "5e" * 32,
            "data_key": "da" * 32,
            "upload_folder": tmp_path_factory.mktemp("uploads"),
        }
    )
    app = create_app(settings)
    upgrade(app, FOLDER)
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def world(app: Flask) -> World:
    return make_world(app)


@pytest.fixture
def statements(app: Flask) -> Statements:
    """`with statements() as seen:` collects the SQL statements that the service sends in the block."""
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine

    @contextmanager
    def collect() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return collect
