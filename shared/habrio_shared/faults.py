"""Fault points: named places where a test may kill, fail or delay the process.

`FAULTS="outbox.after_send:kill,inbox.before_commit:raise:3"` strikes each named point once, at its n-th passage
(the first, unless given). Without FAULTS a point costs one look at an empty dict; staging and production refuse it
(settings.py). A name is declared beside its use, so that a test can list them all.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass
from typing import Literal, cast, get_args

Effect = Literal["kill", "raise", "delay"]
DELAY_SECONDS = 5.0


class FaultStruck(Exception):
    """What `raise` raises: no code expects it, as no code expects a bug."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Strike the point `name` with `effect` at its `passage`-th passage, counted from 1 in this process."""

    name: str
    effect: Effect
    passage: int = 1


_declared: set[str] = set()
_armed: dict[str, Fault] = {}
_passages: dict[str, int] = {}
_counting = threading.Lock()


def declare(name: str) -> str:
    """Register the point `name` (dotted, unique) and return it."""
    if name in _declared:
        raise ValueError(f"fault point {name} is declared twice")
    _declared.add(name)
    return name


def declared() -> frozenset[str]:
    """Every point of the modules imported so far."""
    return frozenset(_declared)


def parse(text: str) -> list[Fault]:
    """The faults that FAULTS asks for; ValueError says what cannot be read. Names are not checked: a module that
    declares one may be imported later."""
    return [_parse_one(part.strip()) for part in text.split(",") if part.strip()]


def _parse_one(text: str) -> Fault:
    name, _, rest = text.partition(":")
    effect, _, passage = rest.partition(":")
    if not name or effect not in get_args(Effect):
        raise ValueError(f"FAULTS: {text!r} is not name:kill, name:raise or name:delay, with :n if need be")
    if passage and not (passage.isascii() and passage.isdigit() and int(passage) > 0):
        raise ValueError(f"FAULTS: {text!r} must end in a whole number of at least 1")
    return Fault(name, cast(Effect, effect), int(passage or 1))


def arm(faults: list[Fault]) -> None:
    """Make exactly these faults strike from now on; an empty list disarms."""
    with _counting:
        _passages.clear()
        _armed.clear()
        _armed.update({fault.name: fault for fault in faults})


def point(name: str) -> None:
    """Pass the point `name`, which `declare` returned."""
    if not _armed:
        return
    if name not in _declared:
        raise ValueError(f"fault point {name} was never declared")
    fault = _armed.get(name)
    if fault is None:
        return
    with _counting:
        _passages[name] = _passages.get(name, 0) + 1
        strikes = _passages[name] == fault.passage
    if strikes:
        _strike(fault)


def _strike(fault: Fault) -> None:
    if fault.effect == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault.effect == "raise":
        raise FaultStruck(fault.name)
    else:
        time.sleep(DELAY_SECONDS)
