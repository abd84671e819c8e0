"""Bytes that no decent client sends, to every route with a body: refused or closed, at once, and never twice."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.gateway.front_door import Answer
from tests.proof.fuzz.attacks import ATTACKS, Attack
from tests.proof.fuzz.cast import Cast
from tests.proof.fuzz.soundness import Watch
from tests.proof.fuzz.targets import Target, targets
from tests.proof.fuzz.wire import BARE, CLOSED, Talk, talk
from tests.support.stack import Stack

AT_ONCE = 12
PAUSE_SECONDS = 0.0005
STALLED = ("POST /api/v1/consumer/cart/add", "POST /api/v1/vendor/upload-document", "POST /api/v1/send-otp")
"""Plain, streamed and public: who stays silent is asked for at these only."""


@pytest.fixture
def every_target(cast: Cast) -> list[Target]:
    """All of them, in sessions of this test's own: a log-out has its body too."""
    for person in cast.people.values():
        person.signed_out()
    return targets(cast)


def is_enveloped(answer: Answer) -> bool:
    """An error has the API's envelope, whoever answers."""
    if answer.status < 400:
        return True
    body = json.loads(answer.body)
    ids = answer.values("X-Request-ID")
    return bool((body["status"], body["code"]) == ("error", answer.status) and ids == [body["request_id"]])


def wrong(attack: Attack, heard: Talk) -> str:
    """What is wrong with what came back; nothing if it is right."""
    if heard.status not in attack.right:
        return f"{heard.status}, not one of {sorted(attack.right)[:6]}"
    if len(heard.answers) > 1 or (heard.rest and heard.status != BARE):
        return f"answered more than once: {heard.answers[1:] or heard.rest[:200]!r}"
    if heard.status == CLOSED and not heard.closed:
        return "neither answered nor closed"
    if not all(is_enveloped(answer) for answer in heard.answers):
        return f"no envelope: {heard.answers[0].body[:200]!r}"
    return ""


@pytest.mark.parametrize("name", ATTACKS)
def test_it_is_refused_or_closed_and_answered_once(
    stack: Stack, watch: Watch, every_target: list[Target], name: str
) -> None:
    attack = ATTACKS[name]

    def ask(target: Target) -> str:
        pause = PAUSE_SECONDS if attack.slow else 0
        heard = talk(stack.ports["nginx"], attack.pieces(target), pause_seconds=pause, ends=attack.ends)
        found = wrong(attack, heard)
        first = heard.answers[0].body[:200] if heard.answers else heard.rest[:200]
        return f"{target.label}: {found} ({heard.seconds:.1f} s): {first!r}" if found else ""

    asked = [
        target
        for target in every_target
        if (target.is_json or attack.forms) and (target.label in STALLED or not attack.stalls)
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [problem for problem in pool.map(ask, asked) if problem]
    assert not found, "\n".join(found)


def test_afterwards_the_platform_is_sound(cast: Cast, watch: Watch) -> None:
    cast.refresh()  # people can still trade
    watch.assert_sound()
