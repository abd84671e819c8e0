"""What an entry of the audit log is hashed from, and what a whole chain looks like (ADR 0016)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from habrio_shared.money import to_rupees

Step = Literal["asked", "done", "refused"]
"""`asked`: an administrator wants it, and it will be done or refused; then nothing happened yet that is not in a later
entry. `done`: it has happened. `refused`: the owner of what was to be changed said no, and nothing was changed."""

GENESIS = "0" * 64
"""What the first entry follows."""


@dataclass(frozen=True, slots=True)
class Content:
    """All of an entry but its own hash. `number` counts entries from 1, without a gap."""

    number: int
    previous_hash: str
    act_id: str
    step: Step
    admin_id: int
    admin_phone: str
    action: str
    target: str
    given: dict[str, Any]
    reason: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    refusal: dict[str, Any] | None
    request_id: str
    at: datetime


def hash_of(content: Content) -> str:
    """SHA-256, in hexadecimal, of the content as JSON: keys in order, no spaces, ASCII; the instant in UTC to the
    microsecond."""
    facts = asdict(content) | {"at": content.at.astimezone(UTC).isoformat(timespec="microseconds")}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it is stored: its content, and the hash beside it."""

    content: Content
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that is not as it was written, and what is wrong there."""

    number: int
    what: str

    def __str__(self) -> str:
        return f"entry {self.number} {self.what}"


def walk(links: Iterable[Link], last_number: int, last_hash: str) -> Iterator[Break | int]:
    """Follow the chain from its beginning to the entry `last_number`, which has `last_hash`.

    Yields the number of each entry that is right; then, if the chain breaks, one Break, and ends.
    """
    number, expected = 0, GENESIS
    for link in links:
        number += 1
        problem = _problem(link, number, expected)
        if problem:
            yield Break(number, problem)
            return
        yield number
        expected = link.hash
    if number != last_number:
        yield Break(number + 1, f"is missing: there were {last_number}")
    elif expected != last_hash:
        yield Break(number, "is not the one that the chain's head names")


def _problem(link: Link, number: int, expected: str) -> str:
    if link.content.number != number:
        return f"is missing: number {link.content.number} is in its place"
    if link.content.previous_hash != expected:
        return "does not follow the one before it"
    if hash_of(link.content) != link.hash:
        return "does not have the hash of its content"
    return ""


def shown(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as the wire has them: `balance_paise` as `balance`, in rupees."""
    return {
        name.removesuffix("_paise"): to_rupees(value) if name.endswith("_paise") and value is not None else value
        for name, value in facts.items()
    }
