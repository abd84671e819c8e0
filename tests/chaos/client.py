"""A person with a phone who asks until he knows: whatever was not answered is asked again under its key.

An operation is `ok` or `failed` in the end. Until then it is unknown: the connection was cut or timed out, the answer
was a 5xx, a 202 ("not yet") or a 409 of the key that is still in use. A refusal after an unknown try is believed only
when it is repeated after `LINGERING_SECONDS`: the earlier try may have been frozen on its way, and may still be done.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.chaos.book import Books
from tests.support.client import Phone, UnexpectedAnswer

LINGERING_SECONDS = 9.0
"""Longer than any request lives that nobody waits for: pauses of at most 5 s, and lock and call time-outs of 3 s."""
PAUSE_SECONDS = 0.6
PATIENCE_SECONDS = 120.0
"""Past it an operation counts as lost: nothing is away for so long."""

Later = Callable[[dict[str, Any]], None]


@dataclass
class Tally:
    """What all people together did and met; safe to share."""

    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Operations by kind and outcome."""
    unknown: Counter[str] = field(default_factory=Counter)
    """Operations that were unknown for a while, by kind."""
    refusals: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)
    """Answers by status ("200", "503", "cut")."""
    violations: list[str] = field(default_factory=list)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def count(self, counter: Counter[Any], key: Any) -> None:
        with self._writing:
            counter[key] += 1

    def violation(self, words: str) -> None:
        with self._writing:
            if words not in self.violations:
                self.violations.append(words)


@dataclass(frozen=True)
class Ended:
    """How an operation ended, with the answer's body."""

    ok: bool
    body: dict[str, Any]

    @property
    def word(self) -> str:
        return str(self.body.get("error", ""))


class Client:
    """One person. `stop` ends the day: what is under way is still asked for until it is known."""

    def __init__(self, name: str, phone: Phone, seed: int, books: Books, tally: Tally, stop: threading.Event) -> None:
        self.name = name
        self.phone = phone
        self.rng = random.Random(seed)
        self.books = books
        self.tally = tally
        self.stop = stop
        self.busy_with = ""

    def live(self, pause_seconds: tuple[float, float]) -> None:
        """Act until the day ends, with a pause of so many seconds (from, to) after each act."""
        while not self.stop.wait(self.rng.uniform(*pause_seconds)):
            try:
                self.act()
            except Exception as error:  # noqa: BLE001 — the edge of a thread: a bug must not pass for a quiet day
                self.tally.violation(f"{self.name} could not go on: {type(error).__name__}: {error}")
                return

    def act(self) -> None:
        """One thing that this person does."""
        raise NotImplementedError

    def settle(self, kind: str, path: str, body: object = None, later: Later | None = None) -> Ended:
        """Ask until it is known, under one key; `later` is called with the body of each 202."""
        key = f"{self.rng.getrandbits(64):016x}"
        self.busy_with = f"{kind} {path}"
        was_unknown, has_lingered = False, True
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            status, answer = self._try("POST", path, body, key)
            if status == 200:
                return self._ended(kind, Ended(True, answer))
            if status in (0, 202) or status >= 500 or answer.get("error") == "idempotency_key_in_use":
                if not was_unknown:
                    self.tally.count(self.tally.unknown, kind)
                was_unknown, has_lingered = True, False
                if status == 202 and later is not None:
                    later(answer)
                time.sleep(PAUSE_SECONDS)  # as Retry-After asks, and a little less so that the nemesis meets them
            elif has_lingered:
                return self._ended(kind, Ended(False, answer))
            else:
                has_lingered = True
                time.sleep(LINGERING_SECONDS)  # nothing can be waited on: the earlier try may be frozen anywhere
        self.tally.violation(f"{self.name}: {kind} {path} was not known after {PATIENCE_SECONDS:g} s")
        return Ended(False, {"error": "never_known"})

    def get(self, path: str, **params: Any) -> dict[str, Any] | None:
        """What is there; None if it cannot be read just now."""
        status, answer = self._try("GET", path, None, None, params)
        return answer if status == 200 else None

    def say(self, path: str, order_id: int) -> None:
        """Write something that nobody else writes."""
        text = f"{self.name} says {self.rng.getrandbits(48):x}"
        if self.settle("chat", path, {"message": text}).ok:
            self.books.enter(order_id, "said", text)

    def refresh(self) -> None:
        """Spend the refresh token. Whoever is not answered cannot know whether it is spent, and signs in again."""
        status, tokens = self._try("POST", "/auth/refresh", {"refresh_token": self.phone.refresh_token}, None)
        if status == 200:
            self.phone.token, self.phone.refresh_token = tokens["access_token"], tokens["refresh_token"]
            self.tally.count(self.tally.ended, ("refresh", "ok"))
        else:
            self.tally.count(self.tally.unknown, "refresh")
            self.sign_in()

    def sign_in(self) -> None:
        """By a code, for as long as it takes."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                self.phone.sign_in()
                return
            except (UnexpectedAnswer, requests.RequestException):
                time.sleep(PAUSE_SECONDS)  # a part is away
        self.tally.violation(f"{self.name} could not sign in for {PATIENCE_SECONDS:g} s")

    def _try(
        self, method: str, path: str, body: object, key: str | None, params: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """(status, body) of one try; status 0 if there is no answer. A session that ended is a violation."""
        headers = {"Idempotency-Key": key} if key else None
        try:
            response = self.phone.raw(method, path, json=body, headers=headers, params=params)
            answer = response.json()
        except (requests.RequestException, ValueError):
            self.tally.count(self.tally.tries, "cut")
            return 0, {}
        status = response.status_code
        self.tally.count(self.tally.tries, str(status))
        if status == 401 and path != "/auth/refresh":
            self.tally.violation(f"{self.name}: {method} {path} was answered 401 with a live session")
            self.sign_in()
            return 0, {}
        if status == 429 or answer.get("error") == "idempotency_key_reused":
            self.tally.violation(f"{self.name}: {method} {path} was answered {status} {answer.get('error')}")
        if status == 500:
            self.tally.violation(f"{method} {path} was answered 500 (request {answer.get('request_id')})")
        return status, answer

    def _ended(self, kind: str, ended: Ended) -> Ended:
        self.tally.count(self.tally.ended, (kind, "ok" if ended.ok else "failed"))
        if not ended.ok:
            self.tally.count(self.tally.refusals, f"{kind}: {ended.word}")
        self.busy_with = ""
        return ended
