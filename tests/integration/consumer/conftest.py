"""The consumer service on a real PostgreSQL, migrated as in production; HABRIO_TEST_DATABASE=sqlite: on SQLite."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from habrio_consumer.app import FOLDER, create_app
from habrio_consumer.settings import ConsumerSettings
from habrio_shared.migrations.cli import upgrade
from tests.integration.consumer.books import assert_books_are_right
from tests.integration.consumer.people import World, make_world
from tests.support.stack import GENEROUS

IS_SQLITE = os.environ.get("HABRIO_TEST_DATABASE") == "sqlite"

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture(scope="session")
def consumer_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database as the consumer's own role sees it."""
    if IS_SQLITE:
        return f"sqlite:///{tmp_path_factory.mktemp('consumer')}/data.db"
    url: str = request.getfixturevalue("postgres").fresh_database().urls["consumer"]
    return url


@pytest.fixture(scope="session")
def app(consumer_database_url: str) -> Iterator[Flask]:
    """The service, its database at head."""
    settings = ConsumerSettings.model_validate(
        {
            "app_env": "testing",
            "log_level": "CRITICAL",
            "database_url": consumer_database_url,
            "database_pool_size": 25,
            "internal_secret": "5a" * 32,
            "ratelimit_storage_url": "memory://",
            **{name.lower(): limit for name, limit in GENEROUS.items()},
        }
    )
    app = create_app(settings)
    upgrade(app, FOLDER)
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A society of its own; after the test the whole ledger is proven."""
    yield make_world(app)
    with app.app_context():
        assert_books_are_right()


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
