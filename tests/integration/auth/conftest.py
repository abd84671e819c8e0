"""The auth service's app on a real PostgreSQL; HABRIO_TEST_DATABASE=sqlite: on SQLite."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from flask import Flask

from habrio_auth.app import create_app
from habrio_gateway.sessions import sessions_at
from habrio_local import databases
from tests.integration.auth.people import VIEW
from tests.support.database import service_app
from tests.support.stack import Servers

IS_SQLITE = os.environ.get("HABRIO_TEST_DATABASE") == "sqlite"

MakeApp = Callable[..., Flask]


@pytest.fixture(scope="session")
def make_app(postgres: Servers, tmp_path_factory: pytest.TempPathFactory) -> MakeApp:
    """An app on a database of its own, with these settings; the gateway's view of it is under VIEW."""

    def make(**settings: str) -> Flask:
        if IS_SQLITE:
            own = databases.sqlite(f"sqlite:///{tmp_path_factory.mktemp('auth')}/data.db")
        else:
            own = postgres.fresh_database()
        app = service_app(postgres, create_app, "auth", databases=own, **settings)
        app.extensions[VIEW] = sessions_at(own.view_url)
        return app

    return make


@pytest.fixture(scope="session")
def app(make_app: MakeApp) -> Flask:
    """One for all tests that need no settings of their own; each test takes phones of its own."""
    return make_app(OTP_PER_PHONE_HOUR="1000", OTP_PER_PHONE_DAY="1000")
