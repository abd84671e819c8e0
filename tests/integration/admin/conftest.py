"""The admin service among the real others in one process, each on its own database, with wires between them to cut."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import update

import habrio_admin.app
import habrio_auth.app
import habrio_consumer.app
import habrio_vendor.app
from habrio_local import databases
from habrio_shared.database import transaction
from habrio_shared.outbox.tables import outbox
from tests.integration.admin.browser import Browser
from tests.integration.admin.town import Neighbour, Town
from tests.integration.mechanisms.transports import DirectTransport
from tests.support.database import service_app
from tests.support.stack import Servers

CREATE: dict[str, Callable[[], Flask]] = {
    "auth": habrio_auth.app.create_app,
    "consumer": habrio_consumer.app.create_app,
    "vendor": habrio_vendor.app.create_app,
    "admin": habrio_admin.app.create_app,
}


@pytest.fixture(scope="session")
def apps(postgres: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Flask]]:
    """The four services at their newest revisions, each the others' neighbour."""
    if os.environ.get("HABRIO_TEST_DATABASE") == "sqlite":
        own = databases.sqlite(f"sqlite:///{tmp_path_factory.mktemp('admin')}/data.db")
    else:
        own = postgres.fresh_database()
    made = {
        name: service_app(
            postgres, create, name, databases=own, LOG_LEVEL="CRITICAL", DATABASE_POOL_SIZE="20", NOTIFY_URL="none"
        )
        for name, create in CREATE.items()
    }
    yield made
    for app in made.values():
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def town(apps: dict[str, Flask]) -> Town:
    """Everybody anew, and all wires whole."""
    wire = DirectTransport(apps)
    neighbours = {name: Neighbour(app) for name, app in apps.items()}
    for app in apps.values():
        app.extensions["habrio_transport"] = wire
        app.extensions["habrio_clients"] = {
            name: neighbour.asked_by(app.name) for name, neighbour in neighbours.items() if name != app.name
        }
    return Town(apps, wire, neighbours)


@pytest.fixture
def browser(town: Town) -> Browser:
    """The administrator's."""
    return Browser(town, town.admin.caller)


@pytest.fixture
def stuck(town: Town) -> list[tuple[str, int]]:
    """A message of each service that does not get through, newest first."""
    for service in ("consumer", "vendor", "admin"):
        town.relay(service)
    resident, shop = town.resident(50), town.shopkeeper()
    order_id = town.order(resident, shop)
    town.wire.is_cut = True
    shop.post(f"/vendor/orders/{order_id}/status", {"status": "accepted"})
    vendors = fail(town, "vendor", f"moved:{order_id}:2", 25)
    resident.post(f"/consumer/orders/{order_id}/cancel", {}, expect=202)
    consumers = fail(town, "consumer", f"cancel:{order_id}", 3)
    user_id = town.new_caller("consumer").user_id
    asked = town.admin.request("POST", f"/api/v1/admin/users/{user_id}/suspend", json={"reason": "x"}).get_json()
    admins = fail(town, "admin", f"act:{asked['act_id']}", 4)
    return [("admin", admins), ("consumer", consumers), ("vendor", vendors)]


def fail(town: Town, service: str, key: str, attempts: int) -> int:
    """The message of this key has failed so often; the id of its row."""
    change = update(outbox).where(outbox.c.key == key).values(attempts=attempts, last_error="connection refused")
    with town.apps[service].app_context(), transaction() as session:
        return int(session.execute(change.returning(outbox.c.id)).scalar_one())
