"""People who log in to the auth service, and the gateway in front of it as far as it decides who they are."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, NamedTuple

from flask import Flask

from habrio_gateway.sessions import Sessions
from habrio_gateway.verify import caller_of
from habrio_shared.identity.user_tokens import TokenReader
from tests.support.client import new_phone
from tests.support.database import SECRETS
from tests.support.signed import Signed, anonymous

VIEW = "tests_session_view"


class Tokens(NamedTuple):
    """What logging in gave to `phone` (10 digits)."""

    phone: str
    access: str
    refresh: str


def code_of(app: Flask, phone: str) -> str:
    code: str = anonymous(app).get(f"/test_support/otp/{phone}")["data"]["otp"]
    return code


def sent(app: Flask, phone: str) -> str:
    """The code that was just sent to `phone`."""
    anonymous(app).post("/send-otp", {"phone": phone})
    return code_of(app, phone)


def another(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 10**6:06d}"


def log_in(app: Flask, phone: str | None = None, **headers: str) -> Tokens:
    phone = phone or new_phone()
    body = {"phone": phone, "otp": sent(app, phone)}
    answer = anonymous(app).post("/verify-otp", body, headers=headers)
    return Tokens(phone, answer["access_token"], answer["refresh_token"])


def with_token(app: Flask, access_token: str) -> Signed:
    """The bearer of this token, let in by the gateway's own rules and the database's view; else its HabrioError."""
    reader = TokenReader(kind="access", secret=SECRETS["JWT_SECRET"], previous_secrets=(), lifetime_seconds=900)
    token = reader.read(access_token, now=int(time.time()))
    view: Sessions = app.extensions[VIEW]
    return Signed(app, caller_of(token, view.find(token.session_id)))


def signed_in(app: Flask, phone: str | None = None) -> Signed:
    """Somebody new who has just logged in."""
    return with_token(app, log_in(app, phone).access)


def onboarded(app: Flask, role: str = "consumer", name: str = "Asha Rao") -> Signed:
    """Somebody who has done basic onboarding too."""
    tokens = log_in(app)
    answers = {"name": name, "city": "Pune", "society": "Green Park", "role": role}
    with_token(app, tokens.access).post("/onboarding/basic", answers)
    return with_token(app, tokens.access)


def at_once(count: int, app: Flask, path: str, body: dict[str, Any]) -> list[int]:
    """The statuses of `count` anonymous requests that start together."""
    barrier = Barrier(count)

    def ask(_number: int) -> int:
        barrier.wait(10)
        return anonymous(app).request("POST", f"/api/v1{path}", json=body).status_code

    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(ask, range(count)))
