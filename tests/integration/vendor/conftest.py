"""The vendor service on a real PostgreSQL, migrated as in production; HABRIO_TEST_DATABASE=sqlite: on SQLite."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask

from habrio_shared.migrations.cli import upgrade
from habrio_vendor.app import FOLDER, create_app
from habrio_vendor.settings import VendorSettings
from tests.integration.vendor.people import World, make_world
from tests.support.statements import Sent, sent_by

IS_SQLITE = os.environ.get("HABRIO_TEST_DATABASE") == "sqlite"

Statements = Callable[[], AbstractContextManager[list[Sent]]]


@pytest.fixture(scope="session")
def vendor_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database as the vendor's own role sees it."""
    if IS_SQLITE:
        return f"sqlite:///{tmp_path_factory.mktemp('vendor')}/data.db"
    url: str = request.getfixturevalue("postgres").fresh_database().urls["vendor"]
    return url


def make_app(database_url: str, **given: object) -> Flask:
    """The service on this database, which need not be migrated; `given` are settings of its own."""
    settings = {
        "app_env": "testing",
        "log_level": "ERROR",
        "database_url": database_url,
        "database_pool_size": 25,
        "internal_secret": "7c" * 32,
        "commission_basis_points": 500,
        "secret_key": "5e" * 32,
        "data_key": "da" * 32,
        "redis_url": "redis://127.0.0.1:1/0",
    }
    return create_app(VendorSettings.model_validate(settings | given))


def dispose(app: Flask) -> None:
    """Close the app's connections."""
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(scope="session")
def app(vendor_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The service, its database at head; 5 % commission, so that a commission can be seen."""
    app = make_app(vendor_database_url, upload_folder=tmp_path_factory.mktemp("uploads"))
    upgrade(app, FOLDER)
    yield app
    dispose(app)


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the test's own, without tables."""
    if IS_SQLITE:
        return f"sqlite:///{tmp_path}/data.db"
    url: str = request.getfixturevalue("postgres").fresh_database().urls["vendor"]
    return url


@pytest.fixture
def world(app: Flask) -> World:
    return make_world(app)


@pytest.fixture
def statements(app: Flask) -> Statements:
    """`with statements() as seen:` collects the SQL statements that the service sends in the block."""
    return lambda: sent_by(app)
