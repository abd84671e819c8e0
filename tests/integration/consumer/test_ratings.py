"""An order is rated once, after its delivery."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.consumer.people import World

NOT_RATINGS: list[object] = [None, 0, 6, -1, "5", 4.5, 5.0, True, 10**30, [5], {}]


def rate(world: World, order_id: int, rating: object = 5, **options: Any) -> dict[str, Any]:
    return world.resident.post(f"/consumer/orders/{order_id}/rate", {"rating": rating}, **options)


def test_a_rating_is_shown_with_the_order_and_told_to_the_shop(world: World) -> None:
    order_id = world.delivered()
    body = {"rating": 4, "review": "  Fresh, and on time "}
    answer = world.resident.post(f"/consumer/orders/{order_id}/rate", body)
    expected = {"order_id": order_id, "rating": 4, "review": "Fresh, and on time"}
    assert answer.keys() == {"status", "message", "rating"}
    assert answer["rating"] == world.resident.order(order_id)["rating"] == expected
    assert world.vendor.noted == [("orders.rated", {"order_id": order_id, "rating": 4})]


def test_an_order_is_rated_once(world: World) -> None:
    order_id = world.delivered()
    rate(world, order_id, 2)
    assert rate(world, order_id, 5, expect=400)["error"] == "already_rated"
    assert world.resident.order(order_id)["rating"]["rating"] == 2
    assert len(world.vendor.noted) == 1


@pytest.mark.parametrize("status", ["pending", "accepted", "rejected", "cancelled"])
def test_what_was_not_delivered_is_not_rated(world: World, status: Any) -> None:
    order_id = world.placed("cash")
    if status != "pending":
        world.vendor.move_and_tell(order_id, status)
    refused = rate(world, order_id, expect=400)
    assert refused["error"] == "not_delivered" and status in refused["message"]
    assert world.resident.order(order_id)["rating"] is None


@pytest.mark.parametrize("status", ["return_accepted", "return_completed"])
def test_an_order_of_which_something_came_back_can_be_rated(world: World, status: Any) -> None:
    order_id = world.delivered()
    last = world.vendor.history[order_id][-1]
    world.vendor.tell(last.model_copy(update={"status": status, "version": last.version + 1}))
    assert rate(world, order_id, 1)["rating"]["rating"] == 1


@pytest.mark.parametrize("rating", NOT_RATINGS)
def test_what_is_no_rating_is_400(world: World, rating: object) -> None:
    order_id = world.delivered()
    assert rate(world, order_id, rating, expect=400)["error"] == "validation_error"
    assert world.resident.order(order_id)["rating"] is None


@pytest.mark.parametrize("review", [None, 5, "x" * 501, "bell\u0000", ["x"]])
def test_what_is_no_review_is_400(world: World, review: object) -> None:
    order_id = world.delivered()
    world.resident.post(f"/consumer/orders/{order_id}/rate", {"rating": 5, "review": review}, expect=400)
    assert world.resident.order(order_id)["rating"] is None
    world.resident.post(f"/consumer/orders/{order_id}/rate", {"rating": 5, "review": "क" * 500})


def test_somebody_elses_order_is_403_and_an_unknown_one_404(world: World) -> None:
    order_id = world.delivered()
    world.neighbour().post(f"/consumer/orders/{order_id}/rate", {"rating": 5}, expect=403)
    rate(world, 2**53 - 1, expect=404)
    assert world.resident.order(order_id)["rating"] is None


def test_with_the_shop_away_the_rating_is_told_later(world: World) -> None:
    order_id = world.delivered()
    world.vendor.is_away = True
    rate(world, order_id, 3)
    world.vendor.is_away = False
    world.relay_until(lambda: bool(world.vendor.noted), "the relay tells the shop")
    assert world.resident.order(order_id)["rating"]["rating"] == 3


def test_the_same_key_gives_the_first_answer_again(world: World) -> None:
    order_id = world.delivered()
    key = {"Idempotency-Key": "rate-1"}
    assert rate(world, order_id, 3, headers=key) == rate(world, order_id, 3, headers=key)
    rate(world, order_id, 4, headers=key, expect=409)
