"""One front door for the tests that leave it as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.gateway.front_door import FrontDoor


@pytest.fixture(scope="session")
def shared_door() -> Iterator[FrontDoor]:
    door = FrontDoor()
    try:
        yield door.start()
    finally:
        door.stop()


@pytest.fixture
def door(shared_door: FrontDoor) -> FrontDoor:
    """The shared front door with what earlier tests left on it wiped off."""
    shared_door.sessions.put("s1")
    for echo in shared_door.echoes.values():
        echo.seen.clear()
    return shared_door
