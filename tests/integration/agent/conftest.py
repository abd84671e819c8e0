"""The agent service on a real PostgreSQL, between a model's service and a front door that do as they are told."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from habrio_agent.app import FOLDER, create_app
from habrio_agent.settings import AgentSettings
from habrio_shared.identity import Caller
from habrio_shared.identity.caller import Role
from habrio_shared.migrations.cli import upgrade
from tests.integration.agent.platform_double import PlatformDouble, fill, running_platform_double
from tests.support.model import KEY, ModelService
from tests.support.signed import Signed

IS_SQLITE = os.environ.get("HABRIO_TEST_DATABASE") == "sqlite"
TOKEN = "Bearer the.access.token-of-the-caller"

_ids = itertools.count(1000)

MakeApp = Callable[..., Flask]


class Asker(Signed):
    """Somebody who asks through the gateway, with an access token that the gateway passes on."""

    def __init__(self, app: Flask, role: Role = "consumer", user_id: int = 0) -> None:
        self.user_id = user_id or next(_ids)
        super().__init__(app, Caller("gateway", role, self.user_id, "s1", f"+9198{self.user_id:08d}", "Ravi", "P", "G"))

    def ask(self, query: object = "What is in my cart?", *, expect: int = 200, token: str = TOKEN) -> dict[str, Any]:
        return self.post("/agent/query", {"query": query}, expect=expect, headers={"Authorization": token})

    def erase(self) -> int:
        answer = self.request("DELETE", "/api/v1/agent/conversation")
        assert answer.status_code == 200, answer.text
        erased: int = answer.get_json()["erased"]
        return erased


@pytest.fixture(scope="session")
def agent_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database as the agent's own role sees it."""
    if IS_SQLITE:
        return f"sqlite:///{tmp_path_factory.mktemp('agent')}/data.db"
    url: str = request.getfixturevalue("postgres").fresh_database().urls["agent"]
    return url


@pytest.fixture(scope="session")
def platform_double() -> Iterator[PlatformDouble]:
    with running_platform_double() as running:
        yield running


@pytest.fixture
def platform(platform_double: PlatformDouble) -> PlatformDouble:
    """The front door, with a shop and a resident as in every test."""
    fill(platform_double)
    return platform_double


@pytest.fixture(scope="session")
def make_app(
    agent_database_url: str, platform_double: PlatformDouble, model_service: ModelService
) -> Iterator[MakeApp]:
    """The service with these settings more; all of them on one database."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        given = {
            "app_env": "testing",
            "log_level": "INFO",
            "database_url": agent_database_url,
            "internal_secret": "5a" * 32,
            "openai_api_key": KEY,
            "openai_base_url": model_service.url,
            "openai_model": "a-model-for-tests",
            "platform_url": platform_double.url,
            **settings,
        }
        app = create_app(AgentSettings.model_validate(given))
        if not made:
            upgrade(app, FOLDER)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(scope="session")
def app(make_app: MakeApp) -> Flask:
    """The service as it is by default."""
    return make_app()


@pytest.fixture
def resident(app: Flask, model: ModelService, platform: PlatformDouble) -> Asker:
    """A consumer who has asked nothing yet."""
    return Asker(app)


@pytest.fixture
def vendor(app: Flask, model: ModelService, platform: PlatformDouble) -> Asker:
    """A vendor who has asked nothing yet."""
    return Asker(app, "vendor")
