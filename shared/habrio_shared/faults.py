"""Fault points: named places where a test may kill, fail or delay the process.

`FAULTS="outbox.after_send:kill,inbox.before_commit:raise:3"` strikes each named point once, at its n-th passage
(the first, unless given). `FAULTS="/some/folder"` strikes a point once in the whole platform, while it runs: whichever
process passes it first after a file of its name, with the effect in it, was put there. Without FAULTS a point costs
one look at two empty variables; staging and production refuse it (settings.py).

A name is declared beside its use, so that a test can list them all. Each commit has two more, before and after it,
named for the module whose transaction it is: `consumer.orders.place.before_commit`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
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


Plan = list[Fault] | Path
"""What FAULTS asks for: faults of this process, or a folder of the platform's."""
STRUCK = ".struck"
"""Behind the name of a file whose point was passed."""
FRAMES_TO_VERB = 3
"""From `committing` through `transaction()` and its context manager to who opened it."""

_declared: set[str] = set()
_armed: dict[str, Fault] = {}
_folder: Path | None = None
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


def parse(text: str) -> Plan:
    """What FAULTS asks for; ValueError says what cannot be read. Names are not checked: a module that declares one
    may be imported later."""
    if text.startswith("/"):
        return Path(text)
    return [_parse_one(part.strip()) for part in text.split(",") if part.strip()]


def _parse_one(text: str) -> Fault:
    name, _, rest = text.partition(":")
    effect, _, passage = rest.partition(":")
    if not name or effect not in get_args(Effect):
        raise ValueError(f"FAULTS: {text!r} is not name:kill, name:raise or name:delay, with :n if need be")
    if passage and not (passage.isascii() and passage.isdigit() and int(passage) > 0):
        raise ValueError(f"FAULTS: {text!r} must end in a whole number of at least 1")
    return Fault(name, cast(Effect, effect), int(passage or 1))


def arm(plan: Plan) -> None:
    """Make exactly these faults strike from now on; an empty list disarms."""
    global _folder  # noqa: PLW0603 — one plan a process, as one environment
    with _counting:
        _passages.clear()
        _armed.clear()
        _folder = plan if isinstance(plan, Path) else None
        _armed.update({fault.name: fault for fault in plan} if isinstance(plan, list) else {})


def point(name: str) -> None:
    """Pass the point `name`, which `declare` returned."""
    if not _armed and _folder is None:
        return
    if name not in _declared:
        raise ValueError(f"fault point {name} was never declared")
    _pass(name)


def committing() -> str:
    """Whose transaction the caller of `transaction()` opens: its module, as `consumer.orders.place`; "" if unarmed."""
    if not _armed and _folder is None:
        return ""
    return str(sys._getframe(FRAMES_TO_VERB).f_globals["__name__"]).removeprefix("habrio_")


def commit_point(whose: str, when: Literal["before", "after"]) -> None:
    """Pass the point before or after a commit of this module's; nothing for ""."""
    if whose:
        _pass(f"{whose}.{when}_commit")


def _pass(name: str) -> None:
    fault = _armed.get(name) if _folder is None else _claimed(_folder, name)
    if fault is None:
        return
    with _counting:
        _passages[name] = _passages.get(name, 0) + 1
        strikes = _folder is not None or _passages[name] == fault.passage
    if strikes:
        _strike(fault)


def _claimed(folder: Path, name: str) -> Fault | None:
    """The fault in the file `name`, for the one process that takes it away."""
    struck = folder / f"{name}{STRUCK}"
    try:
        (folder / name).rename(struck)
    except FileNotFoundError:
        return None
    if struck.read_text() == "pass":
        return None
    return _parse_one(f"{name}:{struck.read_text(encoding='utf-8').strip()}")


def _strike(fault: Fault) -> None:
    if fault.effect == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault.effect == "raise":
        raise FaultStruck(fault.name)
    else:
        time.sleep(DELAY_SECONDS)
