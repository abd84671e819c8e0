"""A real PostgreSQL for the tests of the mechanisms, and the two services of services.py on it or on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from tests.integration.mechanisms import services
from tests.integration.mechanisms.transports import DirectTransport
from tests.support.stack import Servers


@pytest.fixture(scope="session")
def server_url(postgres: Servers) -> str:
    """A database of these tests' own, as its superuser sees it."""
    with psycopg.connect(postgres.admin_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE mechanisms")
    return postgres.admin_url.rpartition("/")[0] + "/mechanisms"


@dataclass
class World:
    """Both services, joined by a transport that hands messages over within the process."""

    consumer: Flask
    vendor: Flask
    wire: DirectTransport
    dialect: str


MakeService = Callable[[str], Flask]


def _fresh_schemas(server_url: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        for name in services.SETTINGS:
            connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
            connection.execute(f"CREATE SCHEMA {name}")


def _make_service(dialect: str, request: pytest.FixtureRequest, folder: Path) -> MakeService:
    if dialect == "postgresql":
        server_url: str = request.getfixturevalue("server_url")
        _fresh_schemas(server_url)
        return lambda name: services.make_service(name, f"{server_url}?options=-csearch_path%3D{name}", folder)
    return lambda name: services.make_service(name, f"sqlite:///{folder}/data.db", folder)


@pytest.fixture(params=["postgresql", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Both services on either database."""
    yield from _world(request.param, request, tmp_path)


@pytest.fixture
def postgres_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Both services on PostgreSQL: for races between transactions that run at the same time."""
    yield from _world("postgresql", request, tmp_path)


def _world(dialect: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[World]:
    make = _make_service(dialect, request, folder)
    consumer, vendor = make("consumer"), make("vendor")
    wire = DirectTransport({"consumer": consumer, "vendor": vendor})
    for app in (consumer, vendor):
        app.extensions["habrio_transport"] = wire
    services.HOOKED.hooks = services.Hooks()
    yield World(consumer, vendor, wire, dialect)
    for app in (consumer, vendor):
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()
