"""`/health`: this process runs. `/ready`: every service says that it can work, asked at once and not for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final

import requests
from flask import Blueprint, Response, jsonify

from habrio_gateway.answers import problem
from habrio_gateway.routes import GATEWAY
from habrio_gateway.sessions import Sessions, SessionsUnavailable
from habrio_shared.errors import Unavailable

PATIENCE_SECONDS: Final = 1.5
KEPT_SECONDS: Final = 0.5
"""An answer serves everybody who asks within this time, so that asking us is no way to load five services."""


class NotReady(Unavailable):
    word = "not_ready"
    sentence = "Not every part of the platform is up"


class Readiness:
    """Asks each service's own `/ready`, and the auth database for a session; safe to share between threads."""

    def __init__(self, urls: Mapping[str, str], sessions: Sessions) -> None:
        self._urls = {name: f"{url.rstrip('/')}/ready" for name, url in urls.items()}
        self._sessions = sessions
        self._session_asker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ready-sessions")
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._states: dict[str, dict[str, Any]] = {}

    def states(self) -> dict[str, dict[str, Any]]:
        """Service → {"ready": bool} and, where the service says more, its `checks` or the `reason` it gave none."""
        with self._lock:
            if time.monotonic() - self._asked_at > KEPT_SECONDS:
                self._states = self._ask_all()
                self._asked_at = time.monotonic()
            return self._states

    def _ask_all(self) -> dict[str, dict[str, Any]]:
        # Threads of this one round: whoever hangs past its time-out holds up nobody else, and no later round.
        pool = ThreadPoolExecutor(max_workers=len(self._urls), thread_name_prefix="ready")
        asked: dict[str, Future[dict[str, Any]]] = {
            GATEWAY: self._session_asker.submit(self._ask_for_a_session),  # always one thread: it keeps its connection
            **{name: pool.submit(_ask, url) for name, url in self._urls.items()},
        }
        wait(asked.values(), timeout=PATIENCE_SECONDS)
        pool.shutdown(wait=False, cancel_futures=True)
        late = {"ready": False, "reason": f"no answer within {PATIENCE_SECONDS} s"}
        return {name: future.result() if future.done() else late for name, future in asked.items()}

    def _ask_for_a_session(self) -> dict[str, Any]:
        try:
            self._sessions.find("none")
        except SessionsUnavailable:
            return {"ready": False, "checks": {"sessions": False}}
        return {"ready": True, "checks": {"sessions": True}}


def _ask(url: str) -> dict[str, Any]:
    try:
        with direct() as session:
            answer = session.get(url, timeout=(0.5, 1.4), allow_redirects=False)
        body = answer.json()
    except requests.RequestException as error:
        silent = isinstance(error, requests.ConnectionError | requests.Timeout)
        return {"ready": False, "reason": "no answer" if silent else "no proper answer"}
    state: dict[str, Any] = {"ready": answer.status_code == 200}
    if isinstance(body, dict) and isinstance(body.get("checks"), dict):
        state["checks"] = body["checks"]
    return state


def direct() -> requests.Session:
    """A session that ignores the environment's proxies: services are neighbours."""
    session = requests.Session()
    session.trust_env = False
    return session


def health_pages(readiness: Readiness) -> Blueprint:
    """The two pages; `/ready` answers 200 only if every service is ready, 503 with the same details otherwise."""
    pages = Blueprint("health", __name__)

    @pages.get("/health")
    def health() -> Response:
        return jsonify(status="ok")

    @pages.get("/ready")
    def ready() -> Response:
        states = readiness.states()
        if all(state["ready"] for state in states.values()):
            return jsonify(status="ok", services=states)
        error = NotReady()
        error.details["services"] = states
        return problem(error)

    return pages
