"""Catalogue answers that nginx keeps for a moment: for whom, for how long, and what it never takes from them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from habrio_gateway.nginx_conf import cache_seconds
from tests.integration.gateway.envelope import check_problem, header_values
from tests.integration.gateway.front_door import FrontDoor, bearer
from tests.support.waiting import until

SHOPS = "/api/v1/consumer/shops"
_numbers = count(1)


@pytest.fixture(scope="module")
def keeping_door() -> Iterator[FrontDoor]:
    """Keeps as long as may be, so that no test is a race against it."""
    door = FrontDoor(catalogue_cache_seconds=10)
    try:
        yield door.start()
    finally:
        door.stop()


@pytest.fixture
def door(keeping_door: FrontDoor) -> FrontDoor:
    for session_id, user_id in (("s1", 7), ("s2", 8)):
        keeping_door.sessions.put(session_id, user_id=user_id)
    keeping_door.echoes["vendor"].seen.clear()
    return keeping_door


@pytest.fixture
def fresh() -> str:
    """An address that nobody has asked for yet."""
    return f"{SHOPS}?cursor={next(_numbers)}"


def asked(door: FrontDoor) -> int:
    return len(door.echoes["vendor"].seen)


@pytest.mark.parametrize("path", [SHOPS, f"{SHOPS}/search", "/api/v1/consumer/shop/7/items", "/api/v1/shop/7/items"])
def test_neighbours_share_an_answer_and_nothing_that_is_said_to_one_of_them(
    door: FrontDoor, fresh: str, path: str
) -> None:
    address = f"{path}?{fresh.partition('?')[2]}"
    first = door.get(address, headers=bearer("s1"))
    second = door.get(address, headers=bearer("s2") | {"X-Request-ID": "mine"})
    assert (first.status_code, second.status_code, asked(door)) == (200, 200, 1)
    assert second.content == first.content
    assert header_values(second, "X-Request-ID") == ["mine"]
    assert header_values(second, "traceparent") != header_values(first, "traceparent")
    assert "X-Audience" not in second.headers and "X-Internal-Token" not in second.headers


@pytest.mark.parametrize("other", [{"role": "vendor"}, {"city": "Mumbai"}, {"society": "Other"}, {"society": None}])
def test_who_has_another_role_or_place_gets_an_answer_of_their_own(
    door: FrontDoor, fresh: str, other: dict[str, str | None]
) -> None:
    door.get(fresh, headers=bearer("s1"))
    door.sessions.put("s2", user_id=8, **other)
    assert door.get(fresh, headers=bearer("s2")).status_code == 200
    assert asked(door) == 2


def test_parts_of_a_place_are_not_mixed_up(door: FrontDoor, fresh: str) -> None:
    door.sessions.put("s1", city="ab", society="c")
    door.sessions.put("s2", city="a", society="bc")
    door.get(fresh, headers=bearer("s1"))
    door.get(fresh, headers=bearer("s2"))
    assert asked(door) == 2


def test_every_request_is_still_decided_by_the_verifier(door: FrontDoor, fresh: str) -> None:
    assert door.get(fresh, headers=bearer("s1")).status_code == 200
    check_problem(door.get(fresh), 401, "missing_token")
    door.sessions.put("s1", live=0)
    check_problem(door.get(fresh, headers=bearer("s1")), 401, "session_ended")
    door.sessions.put("s1", active=0)
    check_problem(door.get(fresh, headers=bearer("s1")), 403, "account_suspended")


@pytest.mark.parametrize("wish", ["status=403", "status=404", "status=503", "header=Set-Cookie:a%3Db"])
def test_only_plain_200s_are_kept(door: FrontDoor, fresh: str, wish: str) -> None:
    for _ in range(2):
        door.get(f"{fresh}&{wish}", headers=bearer("s1"))
    assert asked(door) == 2


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_only_what_changes_nothing_is_kept(door: FrontDoor, fresh: str, method: str) -> None:
    for _ in range(2):
        door.send(method, fresh, headers=bearer("s1"))
    assert asked(door) == 2


def test_other_routes_are_not_kept(door: FrontDoor) -> None:
    for path in ("/api/v1/vendor/orders", "/api/v1/vendor/orders"):
        door.get(path, headers=bearer("s1"))
    assert asked(door) == 2


def test_a_head_is_asked_as_a_head(door: FrontDoor, fresh: str) -> None:
    door.get(fresh, headers=bearer("s1"))
    assert door.send("HEAD", fresh, headers=bearer("s1")).status_code == 200
    assert [seen["method"] for seen in door.echoes["vendor"].seen] == ["GET", "HEAD"]


def test_a_tag_is_compared_at_the_door_and_never_passed_on(door: FrontDoor, fresh: str) -> None:
    tagged = f"{fresh}&header=ETag:W/%221%22&header=Cache-Control:private%2C+no-cache"
    first = door.get(tagged, headers=bearer("s1") | {"If-None-Match": 'W/"0"'})
    assert (first.status_code, first.headers["ETag"]) == (200, 'W/"1"')
    assert not [name for name, _ in door.echoes["vendor"].seen[0]["headers"] if name.lower() == "if-none-match"]
    same = door.get(tagged, headers=bearer("s2") | {"If-None-Match": 'W/"1"'})
    assert (same.status_code, same.content, asked(door)) == (304, b"", 1)


def test_what_is_kept_ends() -> None:
    door = FrontDoor(catalogue_cache_seconds=1)
    try:
        door.start()
        door.get(SHOPS, headers=bearer("s1"))

        def asked_again() -> bool:
            door.get(SHOPS, headers=bearer("s1"))
            return asked(door) > 1

        until(asked_again, seconds=10, what="the service is asked again")
    finally:
        door.stop()


def test_in_development_and_testing_what_was_changed_shows_at_once() -> None:
    assert [cache_seconds(None, env) for env in ("development", "testing", "staging", "production")] == [0, 0, 1, 1]
    assert cache_seconds(0, "production") == 0
    with pytest.raises(ValueError, match="from 0 to 10"):
        cache_seconds(11, "production")
