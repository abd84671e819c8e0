"""One platform with several workers a service for all races; when they are over, every book on it is right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.proof.races.contest import Town
from tests.security.realm import Realm
from tests.support.books import assert_books_balance
from tests.support.stack import Stack, running_stack


@pytest.fixture(scope="session")
def platform() -> Iterator[Stack]:
    with running_stack({"WORKERS": "2"}) as running:
        yield running


@pytest.fixture
def realm(platform: Stack) -> Iterator[Realm]:
    with Realm.of(platform) as found:
        yield found


@pytest.fixture
def town(platform: Stack) -> Iterator[Town]:
    """A shop and a resident of the race's own, with money and stock for all its repeats."""
    found = Town.of(platform)
    yield found
    assert_books_balance(platform)
    found.assert_both_sides_agree()
