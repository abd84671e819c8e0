"""The model's service fails in every way it can: a clear 502 or 504, one more try of what may pass, nothing lost."""

from __future__ import annotations

import logging
import time

import pytest

from habrio_agent.clients import model as client
from tests.integration.agent.conftest import Asker, MakeApp
from tests.integration.agent.platform_double import PlatformDouble
from tests.support.model import ModelService, Move, answers, calls

LATE = {"openai_timeout_seconds": 0.4, "agent_timeout_seconds": 5}


@pytest.fixture
def hasty(make_app: MakeApp, model: ModelService, platform: PlatformDouble) -> Asker:
    """A consumer of a service that waits 0.4 s for each try."""
    return Asker(make_app(**LATE))


@pytest.mark.parametrize(
    "mood",
    ["429", "500", "503", "garbage", "no choices", "surrogate", "hangs up", "dies"],
)
def test_what_may_pass_is_tried_once_more(hasty: Asker, model: ModelService, mood: Move) -> None:
    model.moves = [mood, answers("Here I am.")]
    assert hasty.ask()["answer"] == "Here I am."
    assert len(model.asked) == 2


@pytest.mark.parametrize("mood", ["late", "drips"])
def test_a_slow_try_is_given_up_and_made_once_more(hasty: Asker, model: ModelService, mood: Move) -> None:
    model.moves = [mood, answers("Here I am.")]
    assert hasty.ask()["answer"] == "Here I am."
    assert len(model.asked) == 2


@pytest.mark.parametrize(
    ("mood", "tries", "status", "word", "logged"),
    [
        ("401", 1, 502, "model_failed", "401"),
        ("400", 1, 502, "model_failed", "400"),
        ("429 for an hour", 1, 502, "model_failed", "429"),
        ("elsewhere", 1, 502, "model_failed", "307"),
        ("huge", 1, 502, "model_failed", "more than"),
        ("429", 2, 502, "model_failed", "429"),
        ("500", 2, 502, "model_failed", "500"),
        ("garbage", 2, 502, "model_failed", "not a completion"),
        ("no choices", 2, 502, "model_failed", "not a completion"),
        ("hangs up", 2, 502, "model_failed", "APIConnectionError"),
        ("dies", 2, 502, "model_failed", "RemoteProtocolError"),
        ("late", 2, 504, "model_slow", "no answer within"),
        ("drips", 2, 504, "model_slow", "no whole answer within"),
    ],
)
def test_what_lasts_is_said_and_named_in_the_log(
    hasty: Asker,
    model: ModelService,
    caplog: pytest.LogCaptureFixture,
    mood: Move,
    tries: int,
    status: int,
    word: str,
    logged: str,
) -> None:
    caplog.set_level(logging.INFO)
    model.moves = [mood] * 3
    failed = hasty.ask(expect=status)
    assert (failed["error"], failed["code"]) == (word, status)
    assert "language model" in failed["message"]
    assert len(model.asked) == tries
    assert logged in caplog.text
    model.moves = []
    hasty.ask()


def test_nobody_at_the_models_address_is_502(make_app: MakeApp, platform: PlatformDouble) -> None:
    nobody = Asker(make_app(openai_base_url="http://127.0.0.1:1/v1"))
    assert nobody.ask(expect=502)["error"] == "model_failed"


def test_the_wrong_key_is_502_and_not_the_callers_fault(make_app: MakeApp, model: ModelService) -> None:
    wrong = Asker(make_app(openai_api_key="another-key"))
    before = model.strangers
    assert wrong.ask(expect=502)["error"] == "model_failed"
    assert model.strangers == before + 1


def test_a_model_that_goes_on_calling_tools_runs_out_of_rounds(make_app: MakeApp, model: ModelService) -> None:
    asker = Asker(make_app(agent_tool_rounds=3))
    model.moves = [calls(("wallet", {}))] * 20
    assert asker.ask(expect=502)["error"] == "model_failed"
    choices = [asked["tool_choice"] for asked in model.asked]
    forced = {"type": "function", "function": {"name": "give_answer"}}
    assert choices == ["auto"] * 3 + [forced] * 2


def test_without_any_round_the_model_has_to_answer_at_once(make_app: MakeApp, model: ModelService) -> None:
    asker = Asker(make_app(agent_tool_rounds=0))
    asker.ask()
    assert [asked["tool_choice"] for asked in model.asked] == [
        {"type": "function", "function": {"name": "give_answer"}}
    ]


def test_a_question_has_a_time_over_all_its_rounds(
    make_app: MakeApp, model: ModelService, platform: PlatformDouble
) -> None:
    """Each call is quick enough by itself; together they are not."""
    asker = Asker(make_app(agent_timeout_seconds=0.5, agent_tool_rounds=10))

    def slow(asked: dict[str, object]) -> dict[str, object]:
        time.sleep(0.2)  # the model thinks: what is tested is that thinking adds up
        return calls(("wallet", {}))(asked)

    model.moves = [slow] * 10
    assert asker.ask(expect=504)["error"] == "model_slow"
    assert len(model.asked) < 6


def test_no_call_leaves_the_process_within_a_transaction(resident: Asker) -> None:
    from habrio_shared.database import transaction

    with (
        resident.app.app_context(),
        transaction(),
        pytest.raises(RuntimeError, match="transaction"),
    ):
        client.current_model().complete([], [], forced="", timeout_seconds=1)
