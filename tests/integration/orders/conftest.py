"""Both services of the order protocol in one process, each on its own database, with a wire between them to cut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

import habrio_consumer.app
import habrio_vendor.app
from habrio_consumer.settings import ConsumerSettings
from habrio_shared.migrations.cli import upgrade
from habrio_vendor.settings import VendorSettings
from tests.integration.mechanisms.transports import DirectTransport, in_own_thread
from tests.support.signed import service
from tests.support.stack import GENEROUS

COMMON = {
    "app_env": "testing",
    "log_level": "CRITICAL",
    "internal_secret": "3f" * 32,
    "ratelimit_storage_url": "memory://",
    **{name.lower(): limit for name, limit in GENEROUS.items()},
}
VENDOR = {"secret_key": "5e" * 32, "data_key": "da" * 32, "vendor_response_timeout": 3600}


class Catalogue:
    """The consumer service's way to the vendor service's prices, without a network."""

    def __init__(self, vendor: Flask) -> None:
        self._vendor = service(vendor, "consumer")

    def request(self, method: str, path: str, *, json: dict[str, Any], timeout_seconds: float = 3) -> dict[str, Any]:
        assert timeout_seconds > 0
        return in_own_thread(lambda: dict(self._vendor.request(method, path, json=json).get_json()))


@pytest.fixture(scope="module")
def urls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An empty database for each service, as its own role sees it."""
    if os.environ.get("HABRIO_TEST_DATABASE") == "sqlite":
        return dict.fromkeys(("consumer", "vendor"), f"sqlite:///{tmp_path_factory.mktemp('orders')}/data.db")
    found: dict[str, str] = request.getfixturevalue("postgres").fresh_database().urls
    return found


@pytest.fixture(scope="module")
def apps(urls: dict[str, str]) -> Iterator[dict[str, Flask]]:
    made = {
        "consumer": habrio_consumer.app.create_app(
            ConsumerSettings.model_validate({**COMMON, "database_url": urls["consumer"]})
        ),
        "vendor": habrio_vendor.app.create_app(
            VendorSettings.model_validate({**COMMON, **VENDOR, "database_url": urls["vendor"]})
        ),
    }
    upgrade(made["consumer"], habrio_consumer.app.FOLDER)
    upgrade(made["vendor"], habrio_vendor.app.FOLDER)
    made["consumer"].extensions["habrio_clients"]["vendor"] = Catalogue(made["vendor"])
    yield made
    for app in made.values():
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def wire(apps: dict[str, Flask]) -> DirectTransport:
    """What carries messages between the two."""
    transport = DirectTransport(apps)
    for app in apps.values():
        app.extensions["habrio_transport"] = transport
    return transport
