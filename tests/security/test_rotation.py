"""A new JWT_SECRET under live traffic: no valid session is refused, and a removed secret opens nothing any more.

Secrets are given as files, which the gateway and auth read when they start. The order is the one that operators
follow: the gateway first, which from then on accepts both, then auth, which from then on signs with the new one.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jwt
import pytest

from tests.security.conftest import IS_LONG
from tests.support.client import Phone
from tests.support.stack import Stack, running_stack
from tests.support.waiting import until

CLIENTS = 3
REQUESTS_BETWEEN_REFRESHES = 20
REQUESTS_AFTER = 200
SECRET_BYTES = 32

pytestmark = pytest.mark.skipif(not IS_LONG, reason="needs a stack of its own and restarts: make test-security")


class SecretFiles:
    """JWT_SECRET_FILE and JWT_PREVIOUS_SECRETS_FILE."""

    def __init__(self, folder: Path) -> None:
        self._current, self._previous = folder / "current", folder / "previous"
        self.secret = ""
        self.write(previous=[])

    @property
    def environ(self) -> dict[str, str]:
        return {"JWT_SECRET_FILE": str(self._current), "JWT_PREVIOUS_SECRETS_FILE": str(self._previous)}

    def write(self, *, previous: list[str], secret: str = "") -> None:
        """Another current secret (a new one unless given), and those that still verify."""
        self.secret = secret or secrets.token_hex(SECRET_BYTES)
        self._current.write_text(self.secret, encoding="utf-8")
        self._previous.write_text(json.dumps(previous), encoding="utf-8")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> SecretFiles:
    return SecretFiles(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def own_stack(files: SecretFiles) -> Iterator[Stack]:
    with running_stack({**files.environ, "WORKERS": "1"}) as running:
        yield running


class Client:
    """A signed-in app that never rests: it asks who it is, refreshes now and then, and waits when told to (503)."""

    def __init__(self, url: str) -> None:
        self.phone = Phone(url)
        self.phone.sign_in()
        self.requests = 0
        self.refused: list[str] = []

    def run(self, over: threading.Event) -> None:
        while not over.is_set():
            if self.requests % REQUESTS_BETWEEN_REFRESHES == 0:
                self._ask("POST", "/auth/refresh", {"refresh_token": self.phone.refresh_token})
            else:
                self._ask("GET", "/me")

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> None:
        answer = self.phone.raw(method, path, json=body)
        if answer.status_code == 503:
            time.sleep(min(float(answer.headers["Retry-After"]), 0.2))  # sooner than it should: that asks for more
            return
        self.requests += 1
        if answer.status_code != 200:
            self.refused.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        elif method == "POST":
            tokens = answer.json()
            self.phone.token, self.phone.refresh_token = tokens["access_token"], tokens["refresh_token"]


def is_signed_with(token: str, secret: str) -> bool:
    try:
        jwt.decode(token, secret, algorithms=["HS256"])
    except jwt.InvalidSignatureError:
        return False
    return True


def take_over(stack: Stack) -> None:
    """The files are read anew: by the gateway, then by auth."""
    for name in ("gateway", "auth"):
        stack.roll(name)
        stack.wait_until_ready()


def test_a_new_secret_refuses_no_valid_session_and_a_removed_one_is_refused_at_once(
    own_stack: Stack, files: SecretFiles
) -> None:
    first = files.secret
    sleeper = Phone(own_stack.url)  # signed in before, asks again only at the end
    sleeper.sign_in()
    clients = [Client(own_stack.url) for _ in range(CLIENTS)]
    over = threading.Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(client.run, over) for client in clients]
        try:
            files.write(previous=[first])
            take_over(own_stack)
            second = files.secret
            done = sum(client.requests for client in clients)
            until(
                lambda: (
                    all(is_signed_with(client.phone.token, second) for client in clients)
                    and sum(client.requests for client in clients) > done + REQUESTS_AFTER
                ),
                seconds=60,
                what="every client goes on with the new secret",
            )
            assert is_signed_with(sleeper.token, first)
            assert sleeper.get("/me")["data"]["phone"] == f"+91{sleeper.phone}"
            files.write(previous=[], secret=second)
            take_over(own_stack)
            assert sleeper.get("/me", expect=401)["error"] == "invalid_token"
            sleeper.post("/auth/refresh", {"refresh_token": sleeper.refresh_token}, expect=401)
        finally:
            over.set()
        for ended in running:
            ended.result(timeout=30)
    assert [client.refused for client in clients] == [[]] * CLIENTS
    assert all(client.requests > REQUESTS_BETWEEN_REFRESHES for client in clients)


def test_a_secret_that_was_never_ours_is_refused_before_and_after(own_stack: Stack, files: SecretFiles) -> None:
    phone = Phone(own_stack.url)
    phone.sign_in()
    claims = jwt.decode(phone.token, files.secret, algorithms=["HS256"])
    assert phone.get("/me")
    phone.token = jwt.encode(claims, secrets.token_hex(SECRET_BYTES), algorithm="HS256")
    assert phone.get("/me", expect=401)["error"] == "invalid_token"
