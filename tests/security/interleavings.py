"""People who are changed and asked about at once: an actor changes one person's rights, judges ask all the while.

An acknowledged change is published as a new `State`. A judge that found the same state before and after its request
knows that the request began after the acknowledgement and ended before the next change: its answer has to be that
state's, or it is stale.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle

from tests.security.realm import Person, Realm, Session
from tests.support.client import new_phone

ROLES = ("consumer", "vendor", "admin")
PROBES = {
    "/api/v1/me": None,
    "/api/v1/consumer/cart/view": "consumer",
    "/api/v1/vendor/wallet": "vendor",
    "/api/v1/admin/users?limit=1": "admin",
}
"""Addresses, and the role that they are for; None: any."""
CHANGES_A_PERSON = 200
"""Then another one takes over: no single person may come near the limits that everybody has."""
ENDED = ("session_ended",)
SUSPENDED = ("session_ended", "account_suspended")


@dataclass(frozen=True)
class State:
    """What a token is worth: a role's rights, or nothing, with one of these words for it."""

    token: str
    role: str
    denials: tuple[str, ...] = ()

    def is_right(self, path: str, status: int, word: str) -> bool:
        """Whether this is the answer that the state makes."""
        if self.denials:
            return status in (401, 403) and word in self.denials
        wanted = PROBES[path]
        if wanted not in (None, self.role):
            return (status, word) == (403, "forbidden")
        return status in (200, 404)  # 404: a vendor without a shop, which is an answer of the service


@dataclass
class Findings:
    """What all threads found; `stale` holds a line for each wrong answer."""

    changes: Counter[str] = field(default_factory=Counter)
    judged: int = 0
    stale: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def changed(self, what: str) -> None:
        with self._lock:
            self.changes[what] += 1

    def judge(self, state: State, path: str, status: int, word: str, who: str) -> None:
        with self._lock:
            self.judged += 1
            if not state.is_right(path, status, word):
                self.stale.append(f"{who} at {path}: {status} {word}, but {state.role} {state.denials}")


class Actor:
    """Changes the rights of one person, over and over. `state` is None while a change is under way."""

    def __init__(self, realm: Realm, findings: Findings, seed: int) -> None:
        self._realm = realm
        self._findings = findings
        self._random = random.Random(seed)
        self.state: State | None = None
        self._take_another_person()
        self._changes: dict[str, Callable[[], tuple[str, ...]]] = {
            "logout": self._log_out,
            "logout everywhere": self._log_out_everywhere,
            "revoke": self._revoke,
            "end-sessions": self._end_sessions,
            "suspend": self._suspend,
            "role": self._change_role,
        }

    def run(self, interleavings: int) -> None:
        """So many changes, each judged by the very next request; a restoration follows each suspension."""
        names = cycle(self._random.sample(list(self._changes), len(self._changes)))
        left = interleavings
        at_most = left - CHANGES_A_PERSON
        while left > 0:
            if left <= at_most:
                self._take_another_person()
                at_most = left - CHANGES_A_PERSON
            name = next(names)
            self._step(name, self._changes[name])
            left -= 1
            if name == "suspend" and left > 0:
                self._step("restore", self._restore)
                left -= 1

    def _take_another_person(self) -> None:
        self._person: Person = self._realm.new_person("consumer", f"+91{new_phone()}")
        self._role = "consumer"
        self._new_session()

    def _step(self, name: str, change: Callable[[], tuple[str, ...]]) -> None:
        if self.state is not None and not self.state.denials:
            self._ask(self.state, "before " + name)  # whatever remembers answers has one to remember now
        self.state = None
        denials = change()
        after = State(self._session.token, self._role, denials)
        self.state = after
        self._findings.changed(name)
        for _ in range(2):
            self._ask(after, f"the next request after {name}")
        if denials and name != "suspend":
            self._new_session()

    def _ask(self, state: State, when: str) -> None:
        path = self._random.choice(list(PROBES))
        status, word = ask(self._realm, state, path)
        self._findings.judge(state, path, status, word, when)

    def _new_session(self) -> None:
        self.state = None
        self._session: Session = self._realm.new_session(self._person)
        self.state = State(self._session.token, self._role)

    def _log_out(self) -> tuple[str, ...]:
        return self._post("/api/v1/logout")

    def _log_out_everywhere(self) -> tuple[str, ...]:
        return self._post("/api/v1/logout", everywhere=True)

    def _post(self, path: str, **body: object) -> tuple[str, ...]:
        answer = self._realm.call("POST", path, self._session.token, json=body)
        assert answer.status_code == 200, answer.text
        return ENDED

    def _revoke(self) -> tuple[str, ...]:
        other = self._realm.new_session(self._person)
        path = f"/api/v1/auth/sessions/{self._session.row_id}/revoke"
        answer = self._realm.call("POST", path, other.token, json={})
        assert answer.status_code == 200, answer.text
        return ENDED

    def _end_sessions(self) -> tuple[str, ...]:
        self._realm.act(self._person, "end-sessions")
        return ENDED

    def _suspend(self) -> tuple[str, ...]:
        """As an administrator does; every other time a session is alive all the same, as if a log-in had slipped in."""
        self._realm.act(self._person, "suspend")
        if self._random.random() < 0.5:
            self._session = self._realm.new_session(self._person)
        return SUSPENDED

    def _restore(self) -> tuple[str, ...]:
        self._realm.act(self._person, "restore")
        self._session = self._realm.new_session(self._person)
        return ()

    def _change_role(self) -> tuple[str, ...]:
        self._role = self._random.choice([role for role in ROLES if role != self._role])
        self._realm.act(self._person, "role", {"role": self._role})
        return ()


def ask(realm: Realm, state: State, path: str) -> tuple[int, str]:
    """Status and error word of one request."""
    answer = realm.call("GET", path, state.token)
    return answer.status_code, answer.json().get("error", "")


def judge_until(over: threading.Event, realm: Realm, actors: list[Actor], findings: Findings, seed: int) -> None:
    """Ask for everybody in turn, from another connection than theirs, until `over`."""
    chance = random.Random(seed)
    while not over.is_set():
        actor = chance.choice(actors)
        before = actor.state
        if before is None:
            continue
        path = chance.choice(list(PROBES))
        status, word = ask(realm, before, path)
        if actor.state is before:
            findings.judge(before, path, status, word, "a bystander's request")
