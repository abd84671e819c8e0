"""A client may repeat a request with its key: it is carried out once, and answered as it was the first time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select, update

from habrio_shared import idempotency
from habrio_shared.database import after, reading, transaction
from habrio_shared.idempotency import IdempotencyKey, KeyInUse, KeyTooLong
from habrio_shared.idempotency.tables import idempotency_keys
from habrio_shared.identity import Caller, tokens
from tests.integration.mechanisms.conftest import World
from tests.integration.mechanisms.services import count_effects, note_effect

PATH = "/api/v1/consumer/wishes"


def ask(world: World, body: dict[str, Any], key: str = "k1", user_id: int = 1) -> tuple[int, dict[str, Any]]:
    """One request with an Idempotency-Key, as the gateway passes it on."""
    caller = Caller("gateway", "consumer", user_id=user_id, session_id="s")
    keys = world.consumer.extensions["habrio_keys"]
    token = tokens.mint(keys, caller, audience="consumer", method="POST", path=PATH, seconds=30)
    headers = {tokens.HEADER: token, "Idempotency-Key": key}
    response = world.consumer.test_client().post(PATH, json=body, headers=headers)
    answer: dict[str, Any] = response.get_json()
    return response.status_code, answer


def kept_keys(world: World) -> int:
    with world.consumer.app_context(), reading() as session:
        return session.scalars(select(func.count()).select_from(idempotency_keys)).one()


def test_a_repeat_gets_the_first_answer_and_changes_nothing(world: World) -> None:
    first = ask(world, {"text": "rain"})
    assert first == (201, {"status": "success", "text": "rain", "number": 1})
    assert ask(world, {"text": "rain"}) == first
    assert list(ask(world, {"text": "rain"})[1]) == list(first[1])
    assert count_effects(world.consumer, "wish rain") == 1


def test_another_body_under_the_same_key_is_a_conflict(world: World) -> None:
    ask(world, {"text": "rain"})
    status, answer = ask(world, {"text": "sun"})
    assert (status, answer["error"]) == (409, "idempotency_key_reused")
    assert count_effects(world.consumer, "wish sun") == 0


def test_what_was_refused_is_not_stored(world: World) -> None:
    assert ask(world, {"text": "rain", "refuse": True})[1]["error"] == "wish_refused"
    assert kept_keys(world) == 0
    assert ask(world, {"text": "rain"})[0] == 201


def test_a_key_is_its_users_own(world: World) -> None:
    for _ in range(2):
        assert ask(world, {"text": "rain"}, user_id=1)[1]["number"] == 1
        assert ask(world, {"text": "rain"}, user_id=2)[1]["number"] == 2


def test_without_a_key_every_request_acts(world: World) -> None:
    assert [ask(world, {"text": "rain"}, key="")[1]["number"] for _ in range(3)] == [1, 2, 3]
    assert kept_keys(world) == 0


def test_a_key_has_at_most_255_characters(world: World) -> None:
    assert ask(world, {"text": "rain"}, key="x" * 255)[0] == 201
    status, answer = ask(world, {"text": "rain"}, key="x" * 256)
    assert (status, answer["error"]) == (400, "idempotency_key_too_long")
    with pytest.raises(KeyTooLong):
        IdempotencyKey(1, "POST", "/", "x" * 256, "")


def test_what_is_undone_later_frees_its_key(world: World) -> None:
    ask(world, {"text": "rain"})
    with world.consumer.app_context(), transaction() as session:
        idempotency.forget(session, "wish:1")
    assert ask(world, {"text": "rain"})[1]["number"] == 2


def test_a_better_answer_may_take_the_place_of_the_first(world: World) -> None:
    from tests.integration.mechanisms.services import Granted

    key = IdempotencyKey(1, "POST", PATH, "k1", "digest")
    with world.consumer.app_context(), idempotency.key_of_request(key):
        with transaction() as session:
            idempotency.claim(session)
            idempotency.remember(session, Granted(text="being placed", number=1), 202, subject="order:1")
        with transaction() as session:
            idempotency.remember(session, Granted(text="placed", number=1))
        with pytest.raises(idempotency.Replayed) as first, transaction() as session:
            idempotency.claim(session)
        assert (first.value.status, first.value.answer["text"]) == (200, "placed")
        with transaction() as session:
            idempotency.forget(session, "order:1")
        with transaction() as session:
            idempotency.claim(session)


def test_keys_are_kept_for_seven_days(world: World) -> None:
    ask(world, {"text": "rain"}, key="old")
    ask(world, {"text": "rain"}, key="new")
    with world.consumer.app_context():
        with transaction() as session:
            aged = update(idempotency_keys).where(idempotency_keys.c.key == "old")
            session.execute(aged.values(created_at=after(-7 * 86_400 - 60)))
        with transaction() as session:
            assert idempotency.purge(session) == 1
    assert ask(world, {"text": "rain"}, key="new")[1]["number"] == 2
    assert ask(world, {"text": "rain"}, key="old")[1]["number"] == 3


def test_while_the_first_still_runs_the_second_waits_three_seconds_and_is_told_to_come_back(
    postgres_world: World,
) -> None:
    app = postgres_world.consumer
    key = IdempotencyKey(1, "POST", PATH, "k1", "digest")
    claimed, finish = threading.Event(), threading.Event()

    def first() -> None:
        with app.app_context(), idempotency.key_of_request(key), transaction() as session:
            idempotency.claim(session)
            note_effect(session, "first")
            claimed.set()
            finish.wait(20)
            idempotency.forget(session, "nothing")

    thread = threading.Thread(target=first)
    thread.start()
    claimed.wait(5)
    try:
        with (
            app.app_context(),
            idempotency.key_of_request(key),
            pytest.raises(KeyInUse) as refused,
            transaction() as session,
        ):
            idempotency.claim(session)
    finally:
        finish.set()
        thread.join()
    assert (refused.value.status, refused.value.retry_after_seconds) == (409, 1)


def test_a_claim_that_nobody_answered_for_is_a_mistake(world: World) -> None:
    key = IdempotencyKey(1, "POST", PATH, "k1", "digest")
    with world.consumer.app_context(), idempotency.key_of_request(key):
        with transaction() as session:
            idempotency.claim(session)
        with pytest.raises(RuntimeError, match="without remembering"), transaction() as session:
            idempotency.claim(session)
