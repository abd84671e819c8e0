"""Asking: what is answered, what is kept, and what of it goes along with the next question."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from habrio_agent.conversations.forget import forget
from habrio_agent.conversations.models import Turn
from habrio_agent.conversations.queries import last_turns
from habrio_shared.database import reading, transaction
from tests.integration.agent.conftest import TOKEN, Asker, MakeApp
from tests.integration.agent.platform_double import PlatformDouble
from tests.support.model import KEY, SUGGESTIONS, ModelService, answers, calls, says
from tests.support.waiting import until


def turns(asker: Asker) -> list[tuple[str, str]]:
    with asker.app.app_context():
        return [(turn.question, turn.answer) for turn in last_turns(asker.user_id, 50)]


def roles(asked: dict[str, Any]) -> list[str]:
    return [message["role"] for message in asked["messages"]]


def test_the_models_answer_and_its_own_suggestions_are_passed_on(resident: Asker, model: ModelService) -> None:
    model.moves = [answers("Your cart is empty.", ["What is on offer?", "Which shops are open?", "Show my orders"])]
    answer = resident.ask()
    assert answer == {
        "status": "success",
        "answer": "Your cart is empty.",
        "suggestions": ["What is on offer?", "Which shops are open?", "Show my orders"],
    }
    assert turns(resident) == [("What is in my cart?", "Your cart is empty.")]


def test_the_model_is_asked_with_the_settings_and_told_who_asks(
    resident: Asker, vendor: Asker, model: ModelService
) -> None:
    resident.ask()
    vendor.ask()
    first, second = model.asked
    assert first["model"] == "a-model-for-tests"
    assert model.strangers == 0
    assert "resident" in first["messages"][0]["content"] and "shopkeeper" in second["messages"][0]["content"]
    assert roles(first) == ["system", "user"]


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("consumer", {"shops", "search_items", "shop_items", "cart", "orders", "order", "wallet"}),
        ("vendor", {"my_shop", "my_items", "my_orders"}),
        ("admin", set()),
        ("none", set()),
    ],
)
def test_the_tools_are_those_of_the_role(
    app: Flask, model: ModelService, platform: PlatformDouble, role: Any, names: set[str]
) -> None:
    assert Asker(app, role).ask()["answer"] == "You asked: What is in my cart?"
    offered = {tool["function"]["name"] for tool in model.asked[0]["tools"]}
    assert offered == names | {"give_answer"}


def test_the_last_turns_go_along_and_those_of_others_do_not(make_app: MakeApp, model: ModelService) -> None:
    app = make_app(agent_turns_sent=2)
    one, other = Asker(app), Asker(app)
    other.ask("Mine alone")
    for number in range(4):
        one.ask(f"Question {number}")
    said = [message["content"] for message in model.asked[-1]["messages"][1:]]
    assert said == [
        *("Question 1", "You asked: Question 1"),
        *("Question 2", "You asked: Question 2"),
        "Question 3",
    ]


def test_an_erased_conversation_is_gone_and_that_of_others_is_not(app: Flask, model: ModelService) -> None:
    one, other = Asker(app), Asker(app)
    one.ask()
    one.ask()
    other.ask()
    assert (one.erase(), one.erase()) == (2, 0)
    assert turns(one) == [] and len(turns(other)) == 1
    one.ask("And now?")
    assert roles(model.asked[-1]) == ["system", "user"]


def test_what_is_being_answered_while_the_conversation_is_erased_is_not_kept(
    resident: Asker, model: ModelService
) -> None:
    model.moves = ["late"]
    answered: list[dict[str, Any]] = []
    asking = threading.Thread(target=lambda: answered.append(resident.ask("A secret")))
    asking.start()
    assert model.waiting.acquire(timeout=20)
    resident.erase()
    model.go_on.set()
    asking.join(20)
    assert answered[0]["answer"] == "You asked: A secret"
    assert turns(resident) == []


def test_a_question_that_fails_leaves_no_turn(resident: Asker, model: ModelService) -> None:
    model.moves = ["400"]
    resident.ask(expect=502)
    assert turns(resident) == []


def test_a_model_that_ends_in_plain_words_is_told_once_how_to_end(resident: Asker, model: ModelService) -> None:
    model.moves = [says("Your cart is empty."), answers("Your cart is empty.")]
    assert resident.ask()["suggestions"] == SUGGESTIONS
    assert model.asked[0]["tool_choice"] == "auto"
    assert model.asked[1]["tool_choice"] == {"type": "function", "function": {"name": "give_answer"}}


def test_an_answer_written_as_json_instead_of_a_call_is_one_too(resident: Asker, model: ModelService) -> None:
    model.moves = [says('```json\n{"answer": "Empty.", "suggestions": ["What is new?", "Who is open?"]}\n```')]
    assert resident.ask()["answer"] == "Empty."


@pytest.mark.parametrize(
    "suggestions",
    [[], ["One"], ["Same", " same "], ["", "  ", "One"], "text", [1, 2], None],
    ids=str,
)
def test_suggestions_that_are_none_are_asked_for_again_and_never_made_up(
    resident: Asker, model: ModelService, suggestions: Any
) -> None:
    bad = calls(("give_answer", {"answer": "Empty.", "suggestions": suggestions}))
    model.moves = [bad, answers("Empty.")]
    assert resident.ask()["suggestions"] == SUGGESTIONS
    model.moves = [bad] * 9
    failed = resident.ask(expect=502)
    assert failed["error"] == "model_failed"


def test_what_a_model_says_is_bounded_and_can_be_shown(resident: Asker, model: ModelService) -> None:
    model.moves = [answers("a\x00b\x1b[2J" + "क" * 9000, ["x" * 500, "y\x00", "z", "u", "v", "w"])]
    answer = resident.ask()
    assert answer["answer"].startswith("ab[2Jक") and len(answer["answer"]) == 4000
    assert [len(suggestion) for suggestion in answer["suggestions"]] == [120, 1, 1, 1]


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"query": None}, {"query": ""}, {"query": "  \n"}, {"query": 5}, {"query": True}, {"query": ["x"]}),
        *({"query": {"x": 1}}, {"query": "x" * 2001}, {"query": "bell\x00"}, {"query": "\x1b[2J"}, {"other": "x"}),
    ],
    ids=lambda body: str(body)[:30],
)
def test_a_query_that_is_none_is_400_and_nobody_is_asked(resident: Asker, model: ModelService, body: Any) -> None:
    refused = resident.post("/agent/query", body, expect=400, headers={"Authorization": TOKEN})
    assert refused["error"] == "validation_error"
    assert refused["errors"][0]["loc"] == ["query"]
    assert not model.asked


@pytest.mark.parametrize(
    ("raw", "content_type", "status"),
    [
        *((b"[]", "application/json", 400), (b"{", "application/json", 400), (b"", "application/json", 400)),
        *((b'"x"', "application/json", 400), (b"\xff\xfe{}", "application/json", 400)),
        (b'{"query": "\\ud800"}', "application/json", 400),
        (b'{"query": 1e400}', "application/json", 400),
        (b"[" * 5000 + b"]" * 5000, "application/json", 400),
        (b'{"query": "x"}', "text/plain", 415),
        (b" " * (1024 * 1024 + 1), "application/json", 413),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_body_that_is_no_object_is_refused(
    resident: Asker, model: ModelService, raw: bytes, content_type: str, status: int
) -> None:
    headers = {"Authorization": TOKEN}
    answer = resident.request("POST", "/api/v1/agent/query", data=raw, content_type=content_type, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (status, status)
    assert not model.asked


def test_without_an_access_token_nothing_is_asked(resident: Asker, model: ModelService) -> None:
    for token in ("", "  "):
        assert resident.ask(expect=401, token=token)["error"] == "unauthorized"
    assert not model.asked


def test_neither_the_token_nor_the_key_nor_what_was_said_is_logged_or_stored(
    app: Flask, model: ModelService, platform: PlatformDouble, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asker = Asker(app)
    model.moves = ["500", calls(("wallet", {})), "401"]
    asker.ask("A private matter", expect=502)
    model.moves = [calls(("wallet", {}), ("order", {"order_id": 1})), answers("Also private")]
    asker.ask("A private matter")
    with app.app_context(), reading() as session:
        rows = [list(session.execute(table.select())) for table in Turn.metadata.sorted_tables]
    for secret in (TOKEN, TOKEN.partition(" ")[2], KEY):
        assert secret not in caplog.text and secret not in str(rows)
        assert secret not in str(model.asked)
    assert "private" not in caplog.text.lower()


def test_one_person_is_answered_one_question_at_a_time(resident: Asker, app: Flask, model: ModelService) -> None:
    model.moves = ["late"]
    asking = threading.Thread(target=resident.ask)
    asking.start()
    assert model.waiting.acquire(timeout=20)
    refused = resident.ask(expect=429)
    assert refused["error"] == "still_answering"
    Asker(app).ask()
    model.go_on.set()
    asking.join(20)
    resident.ask()


def test_a_process_keeps_threads_free_for_others(make_app: MakeApp, model: ModelService) -> None:
    app = make_app(agent_questions_at_once=1)
    model.moves = ["late"]
    asking = threading.Thread(target=Asker(app).ask)
    asking.start()
    assert model.waiting.acquire(timeout=20)
    other = Asker(app)
    response = other.request("POST", "/api/v1/agent/query", json={"query": "Hello"}, headers={"Authorization": TOKEN})
    assert (response.status_code, response.get_json()["error"]) == (503, "assistant_busy")
    assert int(response.headers["Retry-After"]) >= 1
    model.go_on.set()
    asking.join(20)
    other.ask()


def test_turns_are_forgotten_when_they_are_old(resident: Asker) -> None:
    resident.ask("Long ago")
    resident.ask("Today")
    with resident.app.app_context():
        with transaction() as session:
            old = update(Turn).where(Turn.user_id == resident.user_id, Turn.question == "Long ago")
            session.execute(
                old.values(created_at=last_turns(resident.user_id, 1)[0].created_at - timedelta(days=31)),
                execution_options={"synchronize_session": False},
            )
        until(lambda: forget() == 0, seconds=20, what="all that is old is forgotten")
    assert [question for question, _ in turns(resident)] == ["Today"]
