"""The gateway with a limit of three requests a user, and a fault for user 666."""

from __future__ import annotations

from collections import Counter

from flask import Flask

from habrio_gateway import app
from habrio_gateway.routes import Route
from habrio_gateway.verify import Asked
from habrio_shared.errors import TooManyRequests
from habrio_shared.identity.caller import Caller

ALLOWED = 3


def create_app() -> Flask:
    counts: Counter[int] = Counter()

    def limit(_asked: Asked, _route: Route, caller: Caller) -> None:
        if caller.user_id == 666:
            raise RuntimeError(f"a fault that names {caller.phone}")
        counts[caller.user_id] += 1
        if counts[caller.user_id] > ALLOWED:
            message = 'The limit "3 an hour" – ग्राहक – is reached\\'
            raise TooManyRequests(message, limit=ALLOWED, retry_after_seconds=60)

    return app.create_app(limits=[limit])
