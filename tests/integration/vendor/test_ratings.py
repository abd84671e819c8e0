"""A shop's average follows its orders' ratings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.vendor.people import World
from tests.support.signed import service


def rate(world: World, order_id: int, rating: int, *, message_id: str = "") -> None:
    body = {"order_id": order_id, "rating": rating}
    assert world.consumer.tell("orders.rated", message_id or f"rated:{order_id}", body) == {}


def shown(world: World) -> object:
    (shop,) = world.resident.get("/consumer/shops")["shops"]
    (found,) = world.resident.get("/consumer/shops/search", q=shop["shop_name"])["shops"]
    assert found["rating"] == shop["rating"]
    return shop["rating"]


def test_the_average_is_shown_to_two_decimals_and_null_without_ratings(world: World) -> None:
    assert shown(world) is None
    averages = []
    for rating in (5, 4, 4):
        rate(world, world.delivered(), rating)
        averages.append(shown(world))
    assert averages == [5, 4.5, 4.33]


def test_a_rating_that_comes_twice_counts_once(world: World) -> None:
    order_id = world.delivered()
    for message_id in ("a", "a", "b"):
        rate(world, order_id, 1, message_id=f"{order_id}-{message_id}")
    assert shown(world) == 1
    rate(world, world.delivered(), 5)
    assert shown(world) == 3


def test_ratings_that_come_at_once_are_all_counted(world: World) -> None:
    orders = [world.delivered() for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda pair: rate(world, pair[1], 1 + pair[0] % 5), enumerate(orders)))
    assert shown(world) == round(sum(1 + number % 5 for number in range(6)) / 6, 2)


@pytest.mark.parametrize("body", [{}, {"order_id": 1}, {"order_id": 1, "rating": 6}, {"order_id": 1, "rating": 0}])
def test_a_rating_that_breaks_its_contract_is_not_taken(world: World, body: dict[str, Any]) -> None:
    world.consumer.ask("/internal/messages/orders.rated", body, expect=400, message_id="rated:bad")


def test_only_the_consumer_service_rates(world: World) -> None:
    body = {"order_id": world.delivered(), "rating": 5}
    service(world.app, "auth").post("/internal/messages/orders.rated", body, expect=401)
    assert shown(world) is None
