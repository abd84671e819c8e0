"""A platform with several workers a service, and people on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.books import assert_books_balance
from tests.support.client import Phone
from tests.support.society import Shop, Society
from tests.support.stack import Stack, running_stack

WORKERS, THREADS = 2, 8


@pytest.fixture(scope="session")
def platform() -> Iterator[Stack]:
    with running_stack({"WORKERS": str(WORKERS), "THREADS": str(THREADS)}) as running:
        yield running
        assert_books_balance(running)


@pytest.fixture(scope="session")
def society(platform: Stack) -> Society:
    return Society(platform.url)


@pytest.fixture(scope="session")
def people(society: Society) -> tuple[Shop, Phone]:
    return society.open_shop(Rice=100_000), society.resident(money=10_000)
