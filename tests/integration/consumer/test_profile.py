"""The consumer's profile, and its name, which is auth's."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.consumer.people import World
from tests.support.signed import person

WHOLE = {
    "flat_number": "B-402",
    "profile_image_url": "https://img.example/ravi.png",
    "gender": "male",
    "date_of_birth": "1990-02-28",
    "preferred_language": "mr",
}


def test_a_profile_is_what_was_told_and_what_auth_knows(world: World) -> None:
    ravi = world.resident
    assert ravi.post("/consumer/onboarding", WHOLE).keys() == {"status", "message"}
    assert ravi.get("/consumer/profile/me") == {
        "status": "success",
        "data": {"name": "Ravi Kulkarni", "phone": ravi.phone, "city": "Pune", "society": world.society, **WHOLE},
    }
    assert world.wire.onboarded == [ravi.user_id], "auth is told that the onboarding is done"


def test_without_onboarding_there_is_no_profile_but_the_rest_works(world: World) -> None:
    assert world.resident.get("/consumer/profile/me", expect=404)["error"] == "profile_not_found"
    world.resident.post("/consumer/profile/edit", {"flat_number": "C-1", "name": "Ravi K"}, expect=404)
    assert world.auth.named == [], "what is refused here changes nothing there"
    world.resident.load(100)
    assert world.placed() > 0


@pytest.mark.parametrize("body", [None, {}, {"flat_number": ""}, {"date_of_birth": "", "unknown": [1]}])
def test_every_field_of_the_onboarding_is_optional(world: World, body: object) -> None:
    world.resident.post("/consumer/onboarding", body)
    data = world.resident.get("/consumer/profile/me")["data"]
    assert (data["flat_number"], data["date_of_birth"]) == ("", None)


def test_a_second_onboarding_is_refused_and_changes_nothing(world: World) -> None:
    world.resident.post("/consumer/onboarding", WHOLE)
    assert (
        world.resident.post("/consumer/onboarding", {"flat_number": "Z-9"}, expect=400)["error"] == "already_onboarded"
    )
    assert world.resident.get("/consumer/profile/me")["data"]["flat_number"] == "B-402"
    assert len(world.wire.onboarded) == 1


@pytest.mark.parametrize("role", ["none", "vendor", "admin"])
def test_nobody_but_a_consumer_gets_in(world: World, role: str) -> None:
    other = person(world.app, role, 99)  # type: ignore[arg-type]  # the parameters are three of the roles
    for path in ("/consumer/profile/me", "/consumer/cart/view", "/consumer/order/history", "/consumer/wallet"):
        assert other.get(path, expect=403)["error"] == "forbidden"
    for path in ("/consumer/onboarding", "/consumer/order/confirm", "/consumer/wallet/load"):
        other.post(path, expect=403)


@pytest.mark.parametrize(
    "day", ["2999-01-01", "1899-12-31", "1990-02-30", "28-02-1990", "1990-2-28", 19900228, True, "x"]
)
def test_an_impossible_date_of_birth_is_refused(world: World, day: object) -> None:
    assert (
        world.resident.post("/consumer/onboarding", {"date_of_birth": day}, expect=400)["error"] == "validation_error"
    )
    world.resident.get("/consumer/profile/me", expect=404)


@pytest.mark.parametrize("day", ["2999-01-01", "1899-12-31", "1990-02-30", 19900228, True, ["1990-02-28"], {}])
def test_an_edit_to_an_impossible_date_changes_nothing(world: World, day: object) -> None:
    world.resident.post("/consumer/onboarding", WHOLE)
    body = {"date_of_birth": day, "flat_number": "C-1", "name": "Ravi K"}
    assert world.resident.post("/consumer/profile/edit", body, expect=400)["error"] == "validation_error"
    data = world.resident.get("/consumer/profile/me")["data"]
    assert ({field: data[field] for field in WHOLE}, world.auth.named) == (WHOLE, [])


def test_of_two_onboardings_at_once_one_counts(world: World) -> None:
    def onboard(flat: str) -> int:
        return world.resident.raw("POST", "/consumer/onboarding", json={"flat_number": flat}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(onboard, ["A-1", "B-2", "C-3", "D-4"])) == [200, 400, 400, 400]
    assert world.wire.onboarded == [world.resident.user_id]


def test_an_edit_changes_what_is_given_and_keeps_the_rest(world: World) -> None:
    world.resident.post("/consumer/onboarding", WHOLE)
    world.resident.post("/consumer/profile/edit", {"flat_number": "C-1", "gender": None, "preferred_language": ""})
    data = world.resident.get("/consumer/profile/me")["data"]
    assert {field: data[field] for field in WHOLE} == {**WHOLE, "flat_number": "C-1"}


def test_the_whole_profile_sent_back_changes_nothing_and_does_not_ask_auth(world: World) -> None:
    world.resident.post("/consumer/onboarding", WHOLE)
    before = world.resident.get("/consumer/profile/me")["data"]
    world.resident.post("/consumer/profile/edit", before)
    assert world.resident.get("/consumer/profile/me")["data"] == before
    assert world.auth.named == []


def test_a_new_name_is_changed_at_auth(world: World) -> None:
    world.resident.post("/consumer/onboarding", WHOLE)
    world.resident.post("/consumer/profile/edit", {"name": "  Ravi K ", "flat_number": "D-4"})
    assert world.auth.named == [(f"/internal/users/{world.resident.user_id}/name", "Ravi K")]
    world.resident.post("/consumer/profile/edit", {"name": ""}, expect=400)


def test_with_auth_away_a_new_name_is_503_and_nothing_changes(world: World) -> None:
    world.resident.post("/consumer/onboarding", WHOLE)
    world.auth.is_away = True
    world.resident.post("/consumer/profile/edit", {"name": "Ravi K", "flat_number": "D-4"}, expect=503)
    assert world.resident.get("/consumer/profile/me")["data"]["flat_number"] == "B-402"
    world.resident.post("/consumer/profile/edit", {"name": "Ravi Kulkarni", "flat_number": "D-4"})


def test_what_another_service_refuses_is_502_and_named_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.resident.post("/consumer/onboarding", WHOLE)
    world.auth.refuses = True
    with caplog.at_level(logging.WARNING):
        answer = world.resident.post("/consumer/profile/edit", {"name": "Ravi K", "flat_number": "D-4"}, expect=502)
    assert (answer["error"], answer["message"]) == ("bad_gateway", "A part of the platform gave no proper answer")
    assert "auth answered 404 user_not_found: User not found" in caplog.text
    assert world.resident.get("/consumer/profile/me")["data"]["flat_number"] == "B-402"
