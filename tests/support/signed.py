"""Requests to a service as the gateway, or another service, would sign them."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from habrio_shared.identity import tokens
from habrio_shared.identity.caller import Caller, Role
from habrio_shared.identity.keys import KeyRing

TOKEN_SECONDS = 30


class Signed:
    """Somebody who calls one service's app, without a network."""

    def __init__(self, app: Flask, caller: Caller) -> None:
        self.app = app
        self.caller = caller
        self._keys: KeyRing = app.extensions["habrio_keys"]

    def request(self, method: str, path: str, **options: Any) -> TestResponse:
        """One request, signed for exactly this method and path."""
        bound = unquote(urlsplit(path).path)
        token = tokens.mint(
            self._keys, self.caller, audience=self.app.name, method=method, path=bound, seconds=TOKEN_SECONDS
        )
        headers = {tokens.HEADER: token, **(options.pop("headers", None) or {})}
        # With a jar of its own the client would drop a Cookie header.
        return self.app.test_client(use_cookies=False).open(path, method=method, headers=headers, **options)

    def get(self, path: str, *, expect: int = 200, **query: Any) -> dict[str, Any]:
        """The JSON answer to GET below /api/v1 (or at the root, for /internal/…); its status has to be `expect`."""
        return self._checked(self.request("GET", _full(path), query_string=query), expect)

    def post(
        self, path: str, body: object = None, *, expect: int = 200, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """The same for POST with a JSON body."""
        return self._checked(self.request("POST", _full(path), json=body, headers=headers), expect)

    def _checked(self, response: TestResponse, expect: int) -> dict[str, Any]:
        assert response.status_code == expect, f"{response.status_code}: {response.get_data(as_text=True)[:800]}"
        body: dict[str, Any] = response.get_json()
        assert body["status"] == ("success" if expect < 400 else "error")
        return body


def _full(path: str) -> str:
    return path if path.startswith("/internal/") else f"/api/v1{path}"


def person(app: Flask, role: Role = "consumer", user_id: int = 1, **who: str) -> Signed:
    """A person of `role` through the gateway; `who`: phone, name, city, society, session_id."""
    given = {
        "phone": "+919812345678",
        "name": "Ravi",
        "city": "Pune",
        "society": "Green Park",
        "session_id": "s1",
        **who,
    }
    return Signed(app, Caller(issuer="gateway", role=role, user_id=user_id, **given))


def anonymous(app: Flask) -> Signed:
    """Nobody, through the gateway."""
    return Signed(app, Caller(issuer="gateway", role="anonymous"))


def service(app: Flask, name: str) -> Signed:
    """Another service, directly."""
    return Signed(app, Caller(issuer=name, role="service"))
