"""The chain of the audit log, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from habrio_admin.audit.rules import GENESIS, Break, Content, Link, hash_of, shown, walk

FIRST = Content(
    number=1,
    previous_hash=GENESIS,
    act_id="a",
    step="done",
    admin_id=7,
    admin_phone="+919812345678",
    action="suspend_user",
    target="user:8",
    given={"user_id": 8},
    reason="Complaints",
    before={"status": "active"},
    after={"status": "suspended"},
    refusal=None,
    request_id="r",
    at=datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC),
)


def chain(length: int) -> list[Link]:
    links: list[Link] = []
    previous = GENESIS
    for number in range(1, length + 1):
        content = replace(FIRST, number=number, previous_hash=previous)
        links.append(Link(content, hash_of(content)))
        previous = links[-1].hash
    return links


def end(links: list[Link], last_hash: str = "", last_number: int = 0) -> Break | int:
    """The last that `walk` yields."""
    return list(walk(links, last_number or len(links), last_hash or links[-1].hash))[-1]


def test_a_hash_is_for_ever_the_same() -> None:
    assert hash_of(FIRST) == "4e9afe53de39a54501ca3cc57e3d5ae2300c33ed6e446158d53d9ea475ca570e"


@pytest.mark.parametrize("name", Content.__dataclass_fields__)
def test_every_field_is_in_the_hash(name: str) -> None:
    other: dict[str, Any] = {"number": 2, "admin_id": 8, "at": FIRST.at + timedelta(microseconds=1)}
    changed = replace(FIRST, **{name: other.get(name, {"x": 1} if isinstance(getattr(FIRST, name), dict) else "x")})
    assert hash_of(changed) != hash_of(FIRST)


def test_an_instant_is_the_same_in_every_zone_and_keys_in_every_order() -> None:
    moved = FIRST.at.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert hash_of(replace(FIRST, at=moved)) == hash_of(FIRST)
    one, other = replace(FIRST, given={"a": 1, "b": 2}), replace(FIRST, given={"b": 2, "a": 1})
    assert hash_of(one) == hash_of(other)


def test_a_whole_chain_is_right_to_its_end() -> None:
    assert list(walk(chain(3), 3, chain(3)[2].hash)) == [1, 2, 3]
    assert list(walk([], 0, GENESIS)) == []


def test_each_break_is_named_at_its_first_entry() -> None:
    links = chain(4)
    changed = [*links[:1], replace(links[1], content=replace(links[1].content, reason="x")), *links[2:]]
    assert str(end(changed)) == "entry 2 does not have the hash of its content"
    assert str(end([links[0], *links[2:]], last_number=4)) == "entry 2 is missing: number 3 is in its place"
    assert str(end(links[:3], last_number=4)) == "entry 4 is missing: there were 4"
    forged = replace(links[1].content, reason="x")
    rehashed = [links[0], Link(forged, hash_of(forged)), *links[2:]]
    assert str(end(rehashed)) == "entry 3 does not follow the one before it"
    assert str(end(links, last_hash="0" * 64)) == "entry 4 is not the one that the chain's head names"


def test_amounts_are_shown_in_rupees() -> None:
    assert shown({"balance_paise": 1050, "status": "x", "none_paise": None}) == {
        "balance": 10.5,
        "status": "x",
        "none": None,
    }
