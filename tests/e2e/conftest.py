"""After every module of end-to-end tests the books balance, whatever its tests did to the platform."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.books import assert_books_balance
from tests.support.stack import Stack


@pytest.fixture(scope="module", autouse=True)
def books_balance_afterwards(stack: Stack) -> Iterator[None]:
    yield
    assert_books_balance(stack)
