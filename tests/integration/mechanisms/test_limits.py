"""Rate limits: one count for all processes, each process its share while Redis is away."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any, ClassVar, Protocol
from uuid import uuid4

import pytest
import redis
from flask import Flask
from pydantic import Field

from habrio_local import ports, valkey
from habrio_local.home import Home
from habrio_local.process import spawn
from habrio_shared import limiter
from habrio_shared.errors import TooManyRequests
from habrio_shared.limiter import LimitedSettings, RateLimit
from tests.support.stack import Servers
from tests.support.waiting import until


class TeaSettings(LimitedSettings):
    service: ClassVar[str] = "tea"

    tea_limit: RateLimit = Field(default="4 per hour", description="cups of tea")
    cake_limit: RateLimit = Field(default="1 per hour", description="pieces of cake")


class Drinks(Protocol):
    def __call__(self, who: str, what: str = "tea_limit") -> None: ...


def process(url: str, **settings: Any) -> Drinks:
    """One process of a service, as far as limits go: a call is a request of somebody for tea."""
    app = Flask("tea")
    limiter.set_up(app, TeaSettings(app_env="testing", ratelimit_storage_url=url, **settings))

    def request(who: str, what: str = "tea_limit") -> None:
        with app.test_request_context("/"):
            limiter.count(what, who)

    return request


def allowed(request: Drinks, who: str, most: int = 20) -> int:
    for done in range(most):
        try:
            request(who)
        except TooManyRequests:
            return done
    return most


@pytest.fixture
def who() -> str:
    return uuid4().hex


def test_all_processes_count_together_and_everybody_alone(postgres: Servers, who: str) -> None:
    one, two = process(postgres.redis_url), process(postgres.redis_url)
    for request in (one, two, one, two):
        request(who)
    for request in (one, two):
        with pytest.raises(TooManyRequests):
            request(who)
    one(who + "'s neighbour")


def test_limits_of_one_person_are_counted_apart(postgres: Servers, who: str) -> None:
    request = process(postgres.redis_url)
    assert allowed(request, who) == 4
    request(who, "cake_limit")


def test_a_refusal_names_the_limit_and_says_when_to_come_back(postgres: Servers, who: str) -> None:
    request = process(postgres.redis_url)
    allowed(request, who)
    with pytest.raises(TooManyRequests, match=r"Too many cups of tea: at most 4 in 1 hour, please wait \d+ s") as said:
        request(who)
    wait_seconds = said.value.retry_after_seconds
    assert wait_seconds is not None
    assert 3590 <= wait_seconds <= 3600
    assert said.value.headers == {
        "RateLimit-Limit": "4",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": str(wait_seconds),
    }


def test_a_window_ends_its_length_after_its_first_request_however_many_were_refused(
    postgres: Servers, who: str
) -> None:
    request = process(postgres.redis_url, tea_limit="2 per second")
    assert allowed(request, who) == 2

    def passes() -> bool:
        try:
            request(who)
        except TooManyRequests:
            return False
        return True

    until(passes, seconds=5, what="the next window begins while it is asked again and again")


def answers(port: int) -> bool:
    try:
        return bool(redis.from_url(valkey.url(port, "pw")).ping())
    except redis.RedisError:
        return False


@contextmanager
def redis_on(home: Home, port: int) -> Iterator[None]:
    server = valkey.process(home, port, "pw", {})
    with (home.logs / "valkey.log").open("ab") as log:
        child = spawn(server, log.fileno())
    try:
        until(lambda: answers(port), seconds=10, what="Valkey listens")
        yield
    finally:
        child.send_signal(server.stop_signal)
        child.wait(20)


def test_without_redis_a_process_has_its_share_and_goes_back_when_redis_does(tmp_path: Path, who: str) -> None:
    home = Home(tmp_path)
    home.make()
    chosen = ports.choose(["valkey"], bind="127.0.0.1", explicit_port=None, free_ports=True)
    port = chosen["valkey"]
    chosen.release_all()
    one, two = (process(valkey.url(port, "pw"), workers=2) for _ in range(2))
    with redis_on(home, port):
        one(who)
    assert (allowed(one, who), allowed(two, who)) == (2, 2)
    with redis_on(home, port):

        def counted_together_again() -> bool:
            fresh = uuid4().hex
            return allowed(one, fresh) + allowed(two, fresh) == 4 and allowed(one, fresh) == 0 == allowed(two, fresh)

        until(counted_together_again, seconds=20, what="both processes count in Redis again")


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "redis://:wrong@{address}/0"])
def test_a_redis_that_refuses_is_no_fault(postgres: Servers, url: str, who: str) -> None:
    request = process(url.format(address=postgres.redis_url.rpartition("@")[2].partition("/")[0]))
    assert allowed(request, who) == 4


def test_threads_that_lose_redis_at_the_same_time_all_go_on(who: str) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as mute:
        request = process(f"redis://127.0.0.1:{mute.getsockname()[1]}/0", tea_limit="1000 per hour")
        together = Barrier(8)

        def one(_number: int) -> None:
            together.wait(10)
            request(who)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(one, range(8)))
