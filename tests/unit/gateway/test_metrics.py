"""Who may read the metrics at the front door."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from habrio_gateway import answers
from habrio_gateway.metrics import MetricsDoor, is_private, metrics_pages
from habrio_gateway.settings import GatewaySettings
from habrio_shared.metrics import web

TOKEN = "9f" * 20
SETTINGS: dict[str, Any] = {
    "app_env": "production",
    "jwt_secret": "1a" * 20,
    "internal_secret": "2b" * 20,
    "auth_view_url": "postgresql://x",
    "metrics_token": TOKEN,
}
PUBLIC, PRIVATE = "203.0.113.9", "10.1.2.3"


def door(**settings: Any) -> FlaskClient:
    app = Flask("gateway")
    web.set_up(app)
    answers.set_up(app)
    MetricsDoor(GatewaySettings.model_validate(SETTINGS | settings)).guard(app)
    app.register_blueprint(metrics_pages({"auth": "http://127.0.0.1:1"}))
    return app.test_client()


@pytest.mark.parametrize("address", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "::1"])
def test_these_are_addresses_of_ones_own_network(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize("address", ["::ffff:10.0.0.1", "fd00::1"])
def test_so_are_these_of_ipv6(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize(
    "address", ["", "x", "8.8.8.8", "172.32.0.1", "192.0.2.1", "::ffff:8.8.8.8", "2001:db8::1", "10.0.0.1, 8.8.8.8"]
)
def test_these_are_not(address: str) -> None:
    assert not is_private(address)


@pytest.mark.parametrize("path", ["/metrics", "/metrics/auth"])
@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN])
def test_from_outside_and_without_the_token_it_is_403(path: str, authorization: str) -> None:
    headers = {"X-Forwarded-For": PUBLIC, "Authorization": authorization}
    answer = door().get(path, headers=headers)
    assert answer.status_code == 403
    assert answer.get_json()["error"] == "forbidden"


def test_who_comes_past_nginx_from_outside_cannot_say_that_he_is_within() -> None:
    headers = {"X-Forwarded-For": PRIVATE}
    assert door().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": PUBLIC}).status_code == 403


def test_without_a_token_set_an_empty_one_opens_nothing() -> None:
    headers = {"X-Forwarded-For": PUBLIC, "Authorization": "Bearer "}
    assert door(metrics_token=None).get("/metrics", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": PRIVATE},
        {},
        {"X-Forwarded-For": PUBLIC, "Authorization": f"Bearer {TOKEN}"},
        {"X-Forwarded-For": PUBLIC, "Authorization": f"bearer {TOKEN}"},
    ],
)
def test_the_token_or_an_address_within_opens(headers: dict[str, str]) -> None:
    assert door().get("/metrics", headers=headers).status_code == 200


def test_in_development_everybody_may_look() -> None:
    assert door(app_env="development").get("/metrics", headers={"X-Forwarded-For": PUBLIC}).status_code == 200


def test_a_process_that_nobody_knows_is_404_and_one_that_is_away_503() -> None:
    assert door().get("/metrics/nobody").status_code == 404
    away = door().get("/metrics/auth")
    assert (away.status_code, away.headers["Retry-After"]) == (503, "1")
