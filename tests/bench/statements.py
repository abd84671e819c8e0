"""How many SQL statements a request takes, by PostgreSQL's own log: whichever process of the platform sends them."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
import requests

from tests.bench.wrk import Request
from tests.support.stack import Stack
from tests.support.waiting import until

WALKS: Final = 12
WARM: Final = 10
"""By then every thread and its connection have prepared what they ask."""

_LINE: Final = re.compile(r"\] habrio_[a-z]+ LOG: +(?:statement|execute [^:]*): *(.*)")
_AROUND: Final = re.compile(r"(?:BEGIN|COMMIT|ROLLBACK|SET|DISCARD|SHOW)\b", re.IGNORECASE)


@contextmanager
def logged(database: psycopg.Connection[Any]) -> Iterator[None]:
    """PostgreSQL logs every statement in the block, each line with the role that sent it (`log_line_prefix`)."""
    try:
        database.execute("ALTER SYSTEM SET log_statement = 'all'")
        database.execute("SELECT pg_reload_conf()")
        yield
    finally:
        database.execute("ALTER SYSTEM RESET log_statement")
        database.execute("SELECT pg_reload_conf()")


def per_request(stack: Stack, database: psycopg.Connection[Any], walks: Sequence[Sequence[Request]], url: str) -> float:
    """Statements of one request, without BEGIN and COMMIT: the average of a dozen walks, less what goes on anyway."""
    http = requests.Session()
    http.trust_env = False

    def walk(some: Sequence[Sequence[Request]]) -> int:
        sent = 0
        for steps in some:
            for step in steps:
                answer = http.request(step.method, url + step.path, headers=step.headers, json=step.body, timeout=10)
                assert answer.status_code < 300, f"{step.method} {step.path}: {answer.status_code} {answer.text[:300]}"
                sent += 1
        return sent

    walk((list(walks) * WARM)[:WARM])
    quiet_from, began = _counted(stack, database), time.monotonic()
    time.sleep(1)  # what goes on while nobody asks: that is what is being counted
    before, asked_from = _counted(stack, database), time.monotonic()
    sent = walk((list(walks) * (WARM + WALKS))[WARM : WARM + WALKS])
    noise_per_second = (before - quiet_from) / (asked_from - began)
    noise = noise_per_second * (time.monotonic() - asked_from)
    of_walk = round(max(0.0, _counted(stack, database) - before - noise) / WALKS)  # a walk sends a whole number of them
    return of_walk / (sent / WALKS)


def _counted(stack: Stack, database: psycopg.Connection[Any]) -> int:
    """How many statements the services have sent; a mark of our own shows that the log is written so far."""
    mark = f"bench-{secrets.token_hex(8)}"
    database.execute(f"SELECT '{mark}'")
    until(lambda: mark in stack.log("postgres"), seconds=10, what="the log is written")
    return sum(not _AROUND.match(statement) for statement in _LINE.findall(stack.log("postgres")))
