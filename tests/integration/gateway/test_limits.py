"""The default limit: counted for all of the gateway's processes, by person, or by address when nobody is signed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from limits import parse

from habrio_gateway.settings import GatewaySettings
from tests.integration.gateway.envelope import check_problem
from tests.integration.gateway.front_door import FrontDoor, bearer
from tests.support.stack import Servers

ME, SEND = "/api/v1/me", "/api/v1/send-otp"


@pytest.fixture(scope="module")
def limited_door(postgres: Servers) -> Iterator[FrontDoor]:
    """Six requests an hour, two verifiers, a proxy on this machine that is trusted."""
    door = FrontDoor(
        trusted_proxies="127.0.0.0/8",
        environment={
            "WORKERS": "2",
            "RATELIMIT_STORAGE_URL": postgres.redis_url,
            "DEFAULT_LIMIT_PER_USER": "6 per hour",
            "DEFAULT_LIMIT_PER_IP": "6 per hour",
        },
    )
    try:
        yield door.start()
    finally:
        door.stop()


def test_a_person_is_counted_wherever_they_are_and_apart_from_their_neighbours(limited_door: FrontDoor) -> None:
    limited_door.sessions.put("one", user_id=101)
    limited_door.sessions.put("two", user_id=102)
    for number in range(6):
        answer = limited_door.get(ME, headers=bearer("one") | {"X-Forwarded-For": f"203.0.113.{number}"})
        assert answer.status_code == 200
    body = check_problem(limited_door.get(ME, headers=bearer("one")), 429, "too_many_requests")
    assert "Too many requests by one person: at most 6 in 1 hour" in body["message"]
    assert limited_door.get(ME, headers=bearer("two")).status_code == 200


def test_whoever_is_not_signed_in_is_counted_by_the_address_that_the_trusted_proxy_saw(
    limited_door: FrontDoor,
) -> None:
    def asked(address: str) -> int:
        return limited_door.send("POST", SEND, headers={"X-Forwarded-For": address}).status_code

    assert [asked("198.51.100.1") for _ in range(7)] == [200] * 6 + [429]
    assert asked("198.51.100.2") == 200


def test_a_client_cannot_choose_the_address_by_which_it_is_counted(postgres: Servers) -> None:
    door = FrontDoor(environment={"RATELIMIT_STORAGE_URL": "memory://", "DEFAULT_LIMIT_PER_IP": "2 per hour"})
    try:
        door.start()
        statuses = [
            door.send("POST", SEND, headers={"X-Forwarded-For": f"198.51.100.{number}"}).status_code
            for number in range(3)
        ]
    finally:
        door.stop()
    assert statuses == [200, 200, 429]


def test_an_app_that_polls_every_five_seconds_fits_in_the_default_four_times() -> None:
    for name in ("default_limit_per_user", "default_limit_per_ip"):
        allowed = parse(GatewaySettings.model_fields[name].default)
        assert allowed.amount * 5 >= 4 * allowed.get_expiry()
