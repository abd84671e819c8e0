"""So many orders an hour by one person, and from one network address."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from habrio_consumer.app import create_app
from tests.integration.consumer.people import new_id
from tests.support.database import service_app
from tests.support.signed import person
from tests.support.stack import Servers


@pytest.fixture(scope="module")
def app(postgres: Servers) -> Flask:
    return service_app(
        postgres, create_app, "consumer", ORDER_LIMIT_PER_USER="20 per hour", ORDER_LIMIT_PER_IP="20 per hour"
    )


def confirmed(app: Flask, user_id: int, address: str) -> TestResponse:
    path = "/api/v1/consumer/order/confirm"
    return person(app, user_id=user_id).request("POST", path, json={}, headers={"X-Forwarded-For": address})


def test_a_person_has_twenty_attempts_an_hour_wherever_they_are(app: Flask) -> None:
    user_id = new_id()
    for number in range(20):
        assert confirmed(app, user_id, f"192.0.2.{number}").get_json()["error"] == "cart_empty"
    refused = confirmed(app, user_id, "192.0.2.20")
    assert refused.status_code == 429
    assert "orders by one person: at most 20 in 1 hour" in refused.get_json()["message"]
    assert confirmed(app, new_id(), "192.0.2.20").get_json()["error"] == "cart_empty"


def test_a_network_address_has_twenty_attempts_an_hour(app: Flask) -> None:
    for _ in range(20):
        assert confirmed(app, new_id(), "198.51.100.7").get_json()["error"] == "cart_empty"
    refused = confirmed(app, new_id(), "198.51.100.7")
    assert refused.status_code == 429
    assert refused.headers["RateLimit-Limit"] == "20"
