"""The previous release and the platform that runs it beside this one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.releases import previous
from tests.releases.deployments import Deployments, deployments
from tests.support.books import assert_books_balance
from tests.support.stack import Stack


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The previous release's files; skips where the clone has no history that reaches so far."""
    version, tree = previous.named()
    if not previous.is_here(tree):
        pytest.skip(f"NOT TESTED: {version} is not in this clone's history; `git fetch --unshallow` brings it")
    folder = tmp_path_factory.mktemp(version)
    previous.unpack(tree, folder)
    return folder


@pytest.fixture(scope="session")
def deployed(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployments]:
    with deployments(release, tmp_path_factory.mktemp("choices")) as found:
        yield found
        assert_books_balance(found.stack)


@pytest.fixture(scope="session")
def stack(deployed: Deployments) -> Stack:
    """The platform that the helpers of other tests stand on, and whose logs a failure shows."""
    return deployed.stack
