"""Somebody who asks until he knows: what was not answered is asked again under its key, as good apps do."""

from __future__ import annotations

import secrets
import time
from typing import Any

import requests

from tests.support.client import Phone, UnexpectedAnswer

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.2


class Stubborn(Phone):
    """A phone that takes no cut connection, no 5xx, no 202 and no "still at it" for an answer."""

    def __init__(self, url: str, phone: str | None = None) -> None:
        super().__init__(url, phone, patience_seconds=PATIENCE_SECONDS)
        self.was_unknown = False

    def make(self, path: str, body: object = None) -> None:
        """POST what can be done once, by a verb without keys: refused after an unknown try, it has been done."""
        try:
            self.post(path, body)
        except UnexpectedAnswer:
            if not self.was_unknown:
                raise

    def answered(self, path: str, **options: Any) -> requests.Response:
        """The answer to a POST, whatever it is, as soon as there is one."""
        return self._patiently("POST", path, options)

    def send(self, path: str, files: dict[str, tuple[str, bytes]]) -> dict[str, Any]:
        """The answer (202) to a file."""
        answer = self.answered(path, files=files)
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    def sign_in(self) -> dict[str, Any]:
        """By as many codes as it takes: who was not answered cannot know whether the code is spent."""
        while True:
            try:
                return super().sign_in()
            except UnexpectedAnswer:
                if not self.was_unknown:
                    raise

    def _patiently(self, method: str, path: str, options: dict[str, Any]) -> requests.Response:
        headers = {"Idempotency-Key": secrets.token_hex(8)} | (options.get("headers") or {})
        deadline = time.monotonic() + self.patience_seconds
        self.was_unknown = False
        while True:
            answer = self._asked(method, path, options | {"headers": headers})
            if answer is not None and not _is_unknown(path, answer):
                return answer
            assert time.monotonic() < deadline, f"{method} {path} is not known after {self.patience_seconds:g} s"
            self.was_unknown = True
            time.sleep(PAUSE_SECONDS)  # as Retry-After asks, but no whole second

    def _asked(self, method: str, path: str, options: dict[str, Any]) -> requests.Response | None:
        try:
            return self.raw(method, path, **options)
        except requests.RequestException:
            return None


def _is_unknown(path: str, answer: requests.Response) -> bool:
    if answer.status_code == 202:
        return not path.endswith("bulk-upload")  # there it is the answer
    return answer.status_code >= 500 or (answer.status_code == 409 and "key_in_use" in answer.text)
