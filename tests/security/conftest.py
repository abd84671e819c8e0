"""How thorough the proofs are: `HABRIO_SECURITY=long` (make test-security) or, by default, the short form."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.security.realm import Realm
from tests.support.stack import Stack

IS_LONG = os.environ.get("HABRIO_SECURITY", "short") == "long"


@pytest.fixture(scope="session")
def is_long() -> bool:
    """Whether this is the long form."""
    return IS_LONG


@pytest.fixture(scope="module")
def realm(stack: Stack) -> Iterator[Realm]:
    """The running platform, seen by somebody who knows its secrets."""
    with Realm.of(stack) as opened:
        yield opened
