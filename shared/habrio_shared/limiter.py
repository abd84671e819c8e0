"""Rate limits, counted in Redis for all processes together (API.md, "Default limits"; ADR 0009).

A limit is a setting: how many in which window, and in its description what it counts. `count` counts one more. With
Redis away each process goes on counting by itself, up to its share of what is allowed.

As long as Redis answers, its counter is all that a count needs, and Flask-Limiter's strategy is asked directly: its
decorator costs as much as the counting (ADR 0026). The decorator is what knows how to lose Redis and to find it again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from flask import Flask, current_app, g, request
from flask_limiter import Limiter, RateLimitExceeded
from limits import RateLimitItem, parse
from pydantic import AfterValidator, Field, model_validator
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from habrio_shared.errors import TooManyRequests
from habrio_shared.settings import Settings

DEVELOPMENT_FACTOR = 100
"""A developer logs in and orders all day long: unless set, limits are so many times wider in development."""

REDIS_SECONDS = 0.25
"""How long a request waits for Redis before its process counts by itself."""

KEY_PREFIX = "habrio"

logging.getLogger("flask-limiter").setLevel(logging.WARNING)  # it would log the phone of everybody who is limited


class _Counts:
    """Marks a setting that is a limit."""


def _checked(given: str) -> str:
    item = parse(given)
    if item.amount < 1 or item.multiples < 1:
        raise ValueError("nothing would ever pass")
    return given


RateLimit = Annotated[str, AfterValidator(_checked), _Counts()]
"""How many in which window: "3 per 15 minutes". Its field's description says of what."""


def wider(limit: str, factor: float) -> str:
    """The same window with so many times what is allowed, at least 1."""
    item = parse(limit)
    return f"{max(1, int(item.amount * factor))} per {item.multiples} {item.GRANULARITY.name}"


class LimitedSettings(Settings):
    """What a process that counts requests needs. `workers`: how many processes of its kind share what is allowed."""

    ratelimit_storage_url: str = ""
    workers: int = Field(default=1, ge=1)

    @property
    def limits(self) -> dict[str, str]:
        """What each limit counts, by the setting's name."""
        return {name: field.description or name for name, field in _limits_of(type(self)).items()}

    @model_validator(mode="before")
    @classmethod
    def _widen_limits_in_development(cls, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("app_env", "development") == "development":
            for name, field in _limits_of(cls).items():
                given.setdefault(name, wider(field.default, DEVELOPMENT_FACTOR))
        return given


def _limits_of(settings: type[Settings]) -> dict[str, Any]:
    fields = settings.model_fields
    return {name: fields[name] for name in fields if any(isinstance(mark, _Counts) for mark in fields[name].metadata)}


def set_up(app: Flask, settings: LimitedSettings) -> Limits:
    """Let `count` work in this app, and give what counts outside of its requests. Connects to nothing yet."""
    limiter = Limiter(
        key_func=lambda: str(g.habrio_limit_key),
        storage_uri=settings.ratelimit_storage_url or settings.redis_url,
        storage_options=_patience(settings.ratelimit_storage_url or settings.redis_url),
        strategy="fixed-window",
        in_memory_fallback_enabled=True,
        key_prefix=KEY_PREFIX,
        request_identifier=lambda: "count",  # what is counted has its own name, whichever route it comes by
    )
    # No route is limited as such, so the service's app has none of Flask-Limiter's hooks to run at each request.
    apart = Flask("limits")
    limiter.init_app(apart)
    limits: Limits = {
        name: Limit(apart, limiter, name, what, parse(getattr(settings, name)), _counter(limiter, settings, name))
        for name, what in settings.limits.items()
    }
    app.extensions["habrio_limits"] = limits
    return limits


def _patience(url: str) -> dict[str, Any]:
    if not url.startswith("redis"):
        return {}
    wait = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    return {**wait, "retry": Retry(NoBackoff(), 0)}


def _counter(limiter: Limiter, settings: LimitedSettings, name: str) -> Callable[[], None]:
    allowed = str(getattr(settings, name))
    share = wider(allowed, 1 / settings.workers)

    def now() -> str:
        # Flask-Limiter's strategy has another storage than its own while Redis is away.
        return allowed if limiter.limiter.storage is limiter.storage else share

    def one_more() -> None:
        """Flask-Limiter counts calls of functions; this one stands for whatever is counted."""

    one_more.__qualname__ = name  # by which Flask-Limiter tells limits apart
    return limiter.shared_limit(now, scope=name)(one_more)


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of one process: `name` is its setting, `what` says in words what it counts. `apart` is where
    Flask-Limiter's decorator finds the request that it wants."""

    apart: Flask
    limiter: Limiter
    name: str
    what: str
    allowed: RateLimitItem
    one_more: Callable[[], None]

    def count(self, key: str) -> None:
        """One more of whoever `key` stands for; TooManyRequests if it is one too many."""
        counter = self.limiter.limiter
        if counter.storage is self.limiter.storage:
            whose = (KEY_PREFIX, key, self.name)
            try:
                if counter.hit(self.allowed, *whose):
                    return
                raise self._refusal(self.allowed, counter.get_window_stats(self.allowed, *whose).reset_time)
            except RedisError:
                pass  # the slower way finds that out, too, and goes on without it
        with self.apart.test_request_context():
            self._count_by_decorator(key)

    def _count_by_decorator(self, key: str) -> None:
        g.habrio_limit_key = key
        try:
            self._count_somewhere()
        except RateLimitExceeded as error:
            breached = self.limiter.current_limit
            raise self._refusal(error.limit.limit, breached.reset_at if breached else time.time() + 1) from error

    def _count_somewhere(self) -> None:
        try:
            self.one_more()
        except RedisError:
            # Of threads that lose Redis at the same time Flask-Limiter sends the first to its memory and lets the
            # others fail; by now it knows that Redis is away.
            self.one_more()

    def _refusal(self, item: RateLimitItem, reset_at: float) -> TooManyRequests:
        wait_seconds = max(1, min(item.get_expiry(), round(reset_at - time.time())))
        return TooManyRequests(
            f"Too many {self.what}: at most {in_words(item)}, please wait {wait_seconds} s",
            retry_after_seconds=wait_seconds,
            limit=item.amount,
        )


Limits = dict[str, Limit]
"""A process's limits by the names of their settings."""


def in_words(item: RateLimitItem) -> str:
    """ "3 in 15 minutes", "20 in 1 hour"."""
    unit = item.GRANULARITY.name
    return f"{item.amount} in {item.multiples} {unit if item.multiples == 1 else unit + 's'}"


def count(name: str, key: str) -> None:
    """One more for the limit `name`, a setting, of whoever `key` stands for. TooManyRequests if it is one too many.

    What was refused counts too, but does not make the wait longer: a window ends its length after its first request.
    """
    limits: Limits = current_app.extensions["habrio_limits"]
    limits[name].count(key)


def client_address() -> str:
    """The client's address, of which the front door is sure: nothing else gets past a service's token check."""
    return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or request.remote_addr or "unknown"
