"""Log-out, revocation, suspension, restoration and a new role are obeyed by the very next request, under load."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from tests.security.interleavings import Actor, Findings, judge_until
from tests.security.realm import Realm
from tests.support.stack import Stack

INTERLEAVINGS = {"short": 200, "long": 10_000}
ACTORS = 4
JUDGES = 2
SECONDS_MAX = 1800


@contextmanager
def realms(stack: Stack, count: int) -> Iterator[list[Realm]]:
    """As many connections to the platform, one a thread."""
    with ExitStack() as opened:
        yield [opened.enter_context(Realm.of(stack)) for _ in range(count)]


def test_an_acknowledged_change_is_obeyed_by_the_very_next_request(stack: Stack, is_long: bool) -> None:
    wanted = INTERLEAVINGS["long" if is_long else "short"]
    findings, over = Findings(), threading.Event()
    with realms(stack, ACTORS + JUDGES) as opened, ThreadPoolExecutor(ACTORS + JUDGES) as pool:
        actors = [Actor(realm, findings, seed) for seed, realm in enumerate(opened[:ACTORS])]
        judges = [
            pool.submit(judge_until, over, realm, actors, findings, seed)
            for seed, realm in enumerate(opened[ACTORS:], start=ACTORS)
        ]
        try:
            for running in [pool.submit(actor.run, wanted // ACTORS) for actor in actors]:
                running.result(timeout=SECONDS_MAX)
        finally:
            over.set()
        for judging in judges:
            judging.result(timeout=30)
    print(f"{findings.changes.total()} interleavings, {findings.judged} requests judged: {dict(findings.changes)}")
    assert not findings.stale, f"{len(findings.stale)} stale:\n" + "\n".join(findings.stale[:20])
    assert findings.changes.total() == wanted
    assert len(findings.changes) == 7
    assert findings.judged > 2 * wanted
