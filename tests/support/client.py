"""A phone in somebody's hand: speaks JSON to the one gateway URL, as the apps do."""

from __future__ import annotations

import random
import secrets
import time
from typing import Any

import requests

TIMEOUT_SECONDS = 10

Expected = int | tuple[int, ...]
"""A status, or several of which any will do."""


def new_phone() -> str:
    """A valid Indian mobile number that no other run is likely to use."""
    return f"98{random.randrange(10**8):08d}"


class UnexpectedAnswer(AssertionError):
    """The platform answered otherwise than the journey expects; the message shows the whole exchange."""


class Phone:
    """One person's session with the platform at `url` (without /api/v1).

    A patient one does as Retry-After says on 503, for so many seconds in all, as a good app does: each POST carries an
    Idempotency-Key of its own, so that asking again cannot do a thing twice.
    """

    def __init__(self, url: str, phone: str | None = None, *, patience_seconds: float = 0) -> None:
        self.url = url.rstrip("/")
        self.phone = phone or new_phone()
        self.patience_seconds = patience_seconds
        self.token = ""
        self.refresh_token = ""
        self._http = requests.Session()
        self._http.trust_env = False

    def raw(self, method: str, path: str, **options: Any) -> requests.Response:
        """One request below /api/v1 (or at the root, for a path that starts with //), with the access token if any."""
        address = self.url + (path[1:] if path.startswith("//") else "/api/v1" + path)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= options.pop("headers", None) or {}
        return self._http.request(method, address, headers=headers, timeout=TIMEOUT_SECONDS, **options)

    def call(self, method: str, path: str, *, expect: Expected = 200, **options: Any) -> dict[str, Any]:
        """The JSON answer; UnexpectedAnswer unless it has (one of) the status `expect` and the envelope for it."""
        response = (
            self._patiently(method, path, options) if self.patience_seconds else self.raw(method, path, **options)
        )
        try:
            body: dict[str, Any] = response.json()
        except ValueError:
            body = {}
        expected = expect if isinstance(expect, tuple) else (expect,)
        wanted = "success" if expected[0] < 400 else "error"
        if response.status_code not in expected or body.get("status") != wanted:
            sent = options.get("json", options.get("params", ""))
            raise UnexpectedAnswer(
                f"{method} {path} {sent}: expected {expect}, got {response.status_code} {response.text[:600]}"
            )
        return body

    def _patiently(self, method: str, path: str, options: dict[str, Any]) -> requests.Response:
        headers = {"Idempotency-Key": secrets.token_hex(8)} | (options.get("headers") or {})
        deadline = time.monotonic() + self.patience_seconds
        while True:
            response = self.raw(method, path, **options | {"headers": headers})
            if response.status_code != 503 or time.monotonic() > deadline:
                return response
            time.sleep(float(response.headers["Retry-After"]))  # as the platform asks its clients to

    def get(self, path: str, *, expect: Expected = 200, **params: Any) -> dict[str, Any]:
        return self.call("GET", path, expect=expect, params=params)

    def post(
        self, path: str, body: object = None, *, expect: Expected = 200, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        return self.call("POST", path, expect=expect, json=body, headers=headers)

    def sign_in(self) -> dict[str, Any]:
        """Log in by OTP, reading the code where a development stack shows it."""
        self.post("/send-otp", {"phone": self.phone})
        otp = self.get(f"/test_support/otp/{self.phone}")["data"]["otp"]
        tokens = self.post("/verify-otp", {"phone": self.phone, "otp": otp})
        self.token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
        return tokens

    def join(self, role: str, *, name: str, city: str, society: str) -> None:
        """Sign in and do the basic onboarding."""
        self.sign_in()
        self.post("/onboarding/basic", {"name": name, "city": city, "society": society, "role": role})

    def refresh(self) -> None:
        tokens = self.post("/auth/refresh", {"refresh_token": self.refresh_token})
        self.token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
