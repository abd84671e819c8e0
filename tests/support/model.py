"""A language model's service: a local HTTP server that speaks Chat Completions, says what it is told to, and fails."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

KEY = "sk-the-key-of-the-model-service-0123456789"
HOLD_SECONDS_MAX = 30
TOKENS = 100

Asked = dict[str, Any]
"""The body of a request: model, messages, tools, tool_choice."""

Move = str | Callable[[Asked], dict[str, Any]]
"""What befalls one request: a mood of the server's by name, or what the model says."""

SUGGESTIONS = ["What does my cart cost?", "Which shops are open?"]


def calls(*wanted: tuple[str, Any]) -> Callable[[Asked], dict[str, Any]]:
    """The model calls these functions: (name, arguments); a text instead of arguments is sent as it is."""

    def say(_asked: Asked) -> dict[str, Any]:
        made = [
            {
                "id": f"call_{number}",
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments),
                },
            }
            for number, (name, arguments) in enumerate(wanted)
        ]
        return {"role": "assistant", "content": None, "tool_calls": made}

    return say


def answers(text: str, suggestions: list[Any] | None = None) -> Callable[[Asked], dict[str, Any]]:
    """The model ends its turn as it should."""
    return calls(("give_answer", {"answer": text, "suggestions": SUGGESTIONS if suggestions is None else suggestions}))


def says(text: str | None) -> Callable[[Asked], dict[str, Any]]:
    """The model says this and calls nothing."""
    return lambda _asked: {"role": "assistant", "content": text}


def results(asked: Asked) -> list[Any]:
    """What the tools found that the model called last: JSON, read."""
    found: list[Any] = []
    for message in reversed(asked["messages"]):
        if message["role"] != "tool":
            break
        found.insert(0, json.loads(message["content"]))
    return found


def question(asked: Asked) -> str:
    """The person's newest words."""
    return str([message["content"] for message in asked["messages"] if message["role"] == "user"][-1])


def echoes(asked: Asked) -> dict[str, Any]:
    """The model of whoever gives it no script: its answer holds the last results, or the question."""
    found = results(asked)
    text = json.dumps(found, ensure_ascii=False)[:3000] if found else f"You asked: {question(asked)}"
    return answers(text, [f"More about {question(asked)[:20]}", "Which shops are open?"])(asked)


@dataclass
class ModelService:
    """`moves` are for the requests to come, one each; without any it echoes.

    Moods: `401`, `400`, `429`, `429 for an hour`, `500`, `503`; `garbage`: 200 and no JSON; `no choices`; `surrogate`:
    a text that is none; `huge`: more than anybody wants; `hangs up`: ends before the first byte; `dies`: breaks off in
    the middle of its answer; `late`: answers when `go_on` is set; `drips`: sends a byte now and then until it is;
    `elsewhere`: 307 to another place; `without usage`: an answer that says not what it cost.
    """

    url: str = ""
    moves: list[Move] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    strangers: int = 0
    go_on: threading.Event = field(default_factory=threading.Event)
    waiting: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def next_move(self, asked: Asked, headers: dict[str, str]) -> Move:
        with self._one_at_a_time:
            self.asked.append(asked)
            self.headers.append(headers)
            return self.moves.pop(0) if self.moves else echoes

    def forget(self) -> None:
        """As it was at the start."""
        self.go_on.set()
        self.go_on = threading.Event()
        self.waiting = threading.Semaphore(0)
        self.moves, self.asked, self.headers, self.strangers = [], [], [], 0

    @property
    def environ(self) -> dict[str, str]:
        """The settings that lead to it."""
        return {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": self.url, "OPENAI_MODEL": "a-model-for-tests"}


@contextmanager
def running_model() -> Iterator[ModelService]:
    service = ModelService()

    class Handler(_Handler):
        model = service

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        service.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def model_service() -> Iterator[ModelService]:
    """One model's service for the whole run."""
    with running_model() as running:
        yield running


@pytest.fixture
def model(model_service: ModelService) -> Iterator[ModelService]:
    """The same, with nothing left of the test before."""
    model_service.forget()
    yield model_service
    model_service.forget()


class _Handler(BaseHTTPRequestHandler):
    model: ModelService
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {KEY}" or self.path != "/v1/chat/completions":
            self.model.strangers += 1
            self._send(401, {"error": {"message": "Who are you?", "type": "invalid_request_error"}})
            return
        move = self.model.next_move(asked, dict(self.headers))
        if callable(move):
            self._send(200, completion(move(asked)))
        elif move[:3].isdigit():
            retry_after = {"Retry-After": "3600"} if "hour" in move else {}
            self._send(int(move[:3]), {"error": {"message": f"{move} on purpose", "type": "x"}}, retry_after)
        else:
            getattr(self, f"_{move.replace(' ', '_')}")(asked)

    def _send(self, status: int, body: object, headers: dict[str, str] | None = None, *, length: int = 0) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length or len(content)))
        try:
            self.end_headers()
            self.wfile.write(content)
        except OSError:  # nobody waits for it any more
            self.close_connection = True

    def _garbage(self, _asked: Asked) -> None:
        self._send(200, b"<html>Welcome</html>")

    def _no_choices(self, _asked: Asked) -> None:
        self._send(200, {"id": "x", "choices": []})

    def _surrogate(self, _asked: Asked) -> None:
        self._send(200, completion(says("\ud800")({})))

    def _huge(self, asked: Asked) -> None:
        self._send(200, completion(answers("x" * 2_000_000)(asked)))

    def _hangs_up(self, _asked: Asked) -> None:
        self.close_connection = True

    def _dies(self, asked: Asked) -> None:
        content = json.dumps(completion(echoes(asked))).encode()
        self._send(200, content[:20], length=len(content))
        self.close_connection = True

    def _late(self, asked: Asked) -> None:
        self.model.waiting.release()
        self.model.go_on.wait(HOLD_SECONDS_MAX)
        self._send(200, completion(echoes(asked)))

    def _drips(self, _asked: Asked) -> None:
        with contextlib.suppress(OSError):  # the other side has had enough
            self._send(200, b" ", length=10_000)
            for _ in range(HOLD_SECONDS_MAX * 20):
                if self.model.go_on.wait(0.05):
                    break
                self.wfile.write(b" ")
        self.close_connection = True

    def _elsewhere(self, _asked: Asked) -> None:
        self._send(307, b"", {"Location": self.model.url + "/chat/completions"})

    def _without_usage(self, asked: Asked) -> None:
        answer = completion(echoes(asked))
        del answer["usage"]
        self._send(200, answer)

    def log_message(self, *_args: object) -> None:
        pass


def completion(message: dict[str, Any]) -> dict[str, Any]:
    """The protocol's answer around a message."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "a-model-for-tests",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": TOKENS - 10, "completion_tokens": 10, "total_tokens": TOKENS},
    }
