"""The talk with the model about one question: it calls tools for a few rounds and ends with its answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from habrio_agent.clients.model import Chat, Function, Said
from habrio_agent.clients.platform import Address, Platform
from habrio_agent.questions.errors import ModelFailed, ModelSlow
from habrio_agent.questions.prompt import ASK_FOR_ANSWER, GIVE_ANSWER, functions
from habrio_agent.questions.rules import usable
from habrio_agent.questions.schemas import GiveAnswer
from habrio_agent.tools.rules import refused
from habrio_agent.tools.run import run
from habrio_agent.tools.tool import Tool

log = logging.getLogger(__name__)

CALLS_A_ROUND_MAX = 4
TRIES_TO_END = 2
"""How often a model that has to give its answer is asked for it."""

Reply = tuple[str, list[str]]


@dataclass(frozen=True, slots=True)
class Talk:
    """What one question may use. `ends_at` is on the monotonic clock; `spend` is told the tokens of each call."""

    model: Chat
    tools: Mapping[str, Tool]
    platform: Platform
    rounds: int
    ends_at: float
    spend: Callable[[int], None]

    def left_seconds(self) -> float:
        """ModelSlow when the question's time is over."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise ModelSlow
        return left

    def read(
        self,
        address: Address,
        *,
        ids: dict[str, int] | None = None,
        query: dict[str, str | int | list[str] | None] | None = None,
    ) -> dict[str, Any]:
        """Platform.read within the time that is left."""
        return self.platform.read(address, ids=ids, query=query, timeout_seconds=self.left_seconds())


def converse(talk: Talk, messages: list[dict[str, Any]]) -> Reply:
    """The model's answer and suggestions to what `messages` end with; they grow by what is said.

    At most `rounds` calls of the model in which it may choose tools, then two in which it has to end. ModelFailed when
    it does not even then, or cannot be asked; ModelSlow when time runs out.
    """
    offered = functions(talk.tools)
    chances, tries = talk.rounds, TRIES_TO_END
    while tries:
        forced = GIVE_ANSWER if chances <= 0 else ""
        chances, tries = (chances - 1, tries) if chances > 0 else (chances, tries - 1)
        completion, tokens = talk.model.complete(messages, offered, forced=forced, timeout_seconds=talk.left_seconds())
        talk.spend(tokens)
        reply = reply_in(completion.said)
        if reply is not None:
            return reply
        messages += _go_on(talk, completion.said)
        if not completion.said.tool_calls:
            chances = 0
    log.error("the model's service: the model gives no usable answer")
    raise ModelFailed


def reply_in(said: Said) -> Reply | None:
    """The answer that the model gave by ending its turn, or wrote as that call's JSON; None when it did neither."""
    ends = [call.function.arguments for call in said.tool_calls or () if call.function.name == GIVE_ANSWER]
    if not said.tool_calls and said.content:
        ends = [said.content.strip().removeprefix("```json").removeprefix("```").removesuffix("```")]
    for arguments in ends:
        try:
            given = GiveAnswer.model_validate_json(arguments)
        except ValidationError:
            continue
        if reply := usable(given.answer, given.suggestions):
            return reply
    return None


def _go_on(talk: Talk, said: Said) -> list[dict[str, Any]]:
    """What follows the model's words: the results of its calls, or the request to end its turn as it should."""
    if not said.tool_calls:
        spoken = [{"role": "assistant", "content": said.content}] if said.content else []
        return [*spoken, {"role": "user", "content": ASK_FOR_ANSWER}]
    calls = said.tool_calls[:CALLS_A_ROUND_MAX]
    called = [{"id": call.id, "type": "function", "function": call.function.model_dump()} for call in calls]
    results = [{"role": "tool", "tool_call_id": call.id, "content": _result(talk, call.function)} for call in calls]
    return [{"role": "assistant", "content": said.content, "tool_calls": called}, *results]


def _result(talk: Talk, function: Function) -> str:
    if function.name == GIVE_ANSWER:
        return refused("It takes an answer and 2 to 4 different suggestions")
    return run(talk.tools, function.name, function.arguments, talk.read)
