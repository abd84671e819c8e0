"""The language model: any endpoint of the Chat Completions protocol, bounded in time, tries and size."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable
from typing import Any, Protocol, cast

import httpx2
import openai
from flask import Flask, current_app
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from habrio_agent.questions.errors import ModelFailed, ModelSlow
from habrio_agent.settings import AgentSettings
from habrio_shared.database import in_transaction

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_SECONDS = 3.0
PAUSE_SECONDS = 0.3
PAUSE_SECONDS_MAX = 3.0
"""A service that wants to be left alone for longer than this is not tried again."""

BODY_BYTES_MAX = 512 * 1024
OUTPUT_TOKENS_MAX = 2000
TOKENS_MAX = 10_000_000
CHARACTERS_PER_TOKEN = 4
TRANSIENT = frozenset({408, 409, 429})
EXTENSION = "habrio_agent_model"

for _chatty in ("openai", "httpx2", "httpcore2"):
    logging.getLogger(_chatty).setLevel(logging.WARNING)  # below that they log what people say and where it goes


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class Function(_Read):
    name: str = Field(max_length=200)
    arguments: str = Field(default="", max_length=60_000)


class ToolCall(_Read):
    id: str = Field(max_length=200)
    function: Function


class Said(_Read):
    content: str | None = None
    tool_calls: list[ToolCall] | None = Field(default=None, max_length=128)


class Choice(_Read):
    message: Said


class Usage(_Read):
    total_tokens: int = Field(ge=0, le=TOKENS_MAX)


class Completion(_Read):
    """What a model's service answers, as far as it is read. `usage` is missing at some endpoints."""

    choices: list[Choice] = Field(min_length=1)
    usage: Usage | None = None

    @property
    def said(self) -> Said:
        return self.choices[0].message


class _Trouble(Exception):
    """One try failed: what it becomes when there is no other, and how long to wait before one (None: do not)."""

    def __init__(self, failure: ModelFailed | ModelSlow, why: str, pause_seconds: float | None) -> None:
        super().__init__(why)
        self.failure = failure
        self.pause_seconds = pause_seconds


class Chat(Protocol):
    """What a conversation needs of a model."""

    def complete(
        self, messages: list[dict[str, Any]], tools: list[dict[str, Any]], *, forced: str, timeout_seconds: float
    ) -> tuple[Completion, int]: ...


class Model:
    """Asks the model; safe to share between threads. Connects to nothing before it is asked."""

    def __init__(self, settings: AgentSettings) -> None:
        self._name = settings.openai_model
        self._timeout_seconds = settings.openai_timeout_seconds
        self._client = openai.OpenAI(
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=settings.openai_base_url,
            max_retries=0,  # its own would sleep for as long as the service says
            http_client=openai.DefaultHttpxClient(follow_redirects=False),
        )

    def complete(
        self, messages: list[dict[str, Any]], tools: list[dict[str, Any]], *, forced: str, timeout_seconds: float
    ) -> tuple[Completion, int]:
        """The model's next words or calls, and the tokens that they cost (estimated where the service does not say).

        `forced` names the one tool that it has to call, "" leaves it the choice. At most `timeout_seconds` in all,
        one more try included when the first failed in a way that may pass. ModelSlow, or ModelFailed.
        """
        if in_transaction():
            raise RuntimeError("no call may leave the process inside a transaction")
        ends_at = time.monotonic() + timeout_seconds
        try:
            completion = self._once(messages, tools, forced, ends_at)
        except _Trouble as trouble:
            log.warning("the model's service: %s", trouble)
            pause_seconds = trouble.pause_seconds
            if pause_seconds is None or time.monotonic() + pause_seconds >= ends_at:
                raise trouble.failure from trouble
            time.sleep(pause_seconds)
            completion = self._again(messages, tools, forced, ends_at)
        return completion, _cost(completion, messages)

    def _again(
        self, messages: list[dict[str, Any]], tools: list[dict[str, Any]], forced: str, ends_at: float
    ) -> Completion:
        try:
            return self._once(messages, tools, forced, ends_at)
        except _Trouble as trouble:
            log.error("the model's service, asked again: %s", trouble)
            raise trouble.failure from trouble

    def _once(
        self, messages: list[dict[str, Any]], tools: list[dict[str, Any]], forced: str, ends_at: float
    ) -> Completion:
        seconds = max(0.05, min(self._timeout_seconds, ends_at - time.monotonic()))
        try:
            body = self._body(messages, tools, forced, seconds)
        except (openai.APITimeoutError, httpx2.TimeoutException) as error:
            raise _Trouble(ModelSlow(), f"no answer within {seconds:.1f} s", PAUSE_SECONDS) from error
        except openai.APIStatusError as error:
            raise _refusal(error) from error
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise _Trouble(ModelFailed(), f"{type(error).__name__}: {error}", PAUSE_SECONDS) from error
        try:
            return Completion.model_validate_json(body)
        except ValidationError as error:
            problems = error.errors(include_url=False, include_context=False, include_input=False)
            raise _Trouble(ModelFailed(), f"not a completion: {problems[0]}", PAUSE_SECONDS) from error

    def _body(self, messages: list[dict[str, Any]], tools: list[dict[str, Any]], forced: str, seconds: float) -> bytes:
        """The answer as it came: its parts are counted and timed, for a time-out of HTTP is one of each part."""
        ends_at = time.monotonic() + seconds
        body = bytearray()
        with self._client.chat.completions.with_streaming_response.create(
            model=self._name,
            messages=cast("Iterable[ChatCompletionMessageParam]", messages),
            tools=cast("Iterable[ChatCompletionToolParam]", tools),
            tool_choice={"type": "function", "function": {"name": forced}} if forced else "auto",
            max_completion_tokens=OUTPUT_TOKENS_MAX,
            timeout=httpx2.Timeout(seconds, connect=min(seconds, CONNECT_TIMEOUT_SECONDS)),
        ) as response:
            for part in response.iter_bytes():
                body += part
                if len(body) > BODY_BYTES_MAX:
                    raise _Trouble(ModelFailed(), f"its answer has more than {BODY_BYTES_MAX} bytes", None)
                if time.monotonic() > ends_at:
                    raise _Trouble(ModelSlow(), f"no whole answer within {seconds:.1f} s", PAUSE_SECONDS)
        return bytes(body)


def _refusal(error: openai.APIStatusError) -> _Trouble:
    status = error.status_code
    why = f"{status} {type(error).__name__}"
    if status < 500 and status not in TRANSIENT:
        return _Trouble(ModelFailed(), why, None)
    asked = error.response.headers.get("Retry-After", "")
    pause_seconds = float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else PAUSE_SECONDS
    return _Trouble(ModelFailed(), why, pause_seconds if pause_seconds <= PAUSE_SECONDS_MAX else None)


def _cost(completion: Completion, messages: list[dict[str, Any]]) -> int:
    if completion.usage is not None:
        return completion.usage.total_tokens
    characters = len(json.dumps(messages, ensure_ascii=False)) + len(completion.said.model_dump_json())
    return characters // CHARACTERS_PER_TOKEN + 1


def set_up(app: Flask, settings: AgentSettings) -> None:
    """Let `current_model` work in this app."""
    app.extensions[EXTENSION] = Model(settings)


def current_model() -> Chat:
    """The current app's model."""
    model: Chat = current_app.extensions[EXTENSION]
    return model
