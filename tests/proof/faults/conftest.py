"""One platform whose points can be struck while it runs, and a town on it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.proof.faults.town import LONG_SECONDS, Town
from tests.security.realm import Realm
from tests.support.stack import running_stack

Towns = Callable[[], Town]


@pytest.fixture(scope="session")
def new_town() -> Iterator[Towns]:
    """Makes a town on the platform; none is shared between threads."""
    with tempfile.TemporaryDirectory(prefix="habrio-faults-") as folder, ExitStack() as ends:
        environ = {"FAULTS": folder, "NOTIFY_URL": "none", "ACCESS_TOKEN_SECONDS": str(LONG_SECONDS)}
        stack = ends.enter_context(running_stack(environ))
        yield lambda: Town.of(stack, Path(folder), ends.enter_context(Realm.of(stack)))


@pytest.fixture(scope="session")
def town(new_town: Towns) -> Town:
    """One for all that is done one after the other."""
    return new_town()
