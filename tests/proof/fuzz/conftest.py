"""The fuzzed platform: its people, and what is asked of it when all is over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.proof.fuzz.cast import Cast
from tests.proof.fuzz.soundness import Watch
from tests.security.realm import Realm
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def cast(stack: Stack) -> Iterator[Cast]:
    """Everybody who asks; a society of their own for each file."""
    with Realm.of(stack) as realm:
        yield Cast.of(stack, realm)


@pytest.fixture(scope="module")
def watch(stack: Stack) -> Iterator[Watch]:
    """Somebody who looks at the platform's processes from here on."""
    with Watch(stack) as watching:
        yield watching
