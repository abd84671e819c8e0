"""Images, containers and Compose on a real engine. Where none answers, what needs one says so and is skipped."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.compose.env import filled
from tests.docker.engine import BUILD_SECONDS, ROOT, Project, docker, why_none


@pytest.fixture(scope="session")
def engine() -> None:
    if reason := why_none():
        pytest.skip(f"NOT TESTED, for {reason}")


@pytest.fixture(scope="session")
def all_in_one(engine: None) -> str:
    """The image of the whole platform, built as the README says."""
    docker("build", "--quiet", "--tag", "habrio", ".", seconds=BUILD_SECONDS)
    return "habrio"


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture(scope="session")
def project(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The platform by Compose, built, under a name of its own; nothing of it is left afterwards."""
    folder: Path = tmp_path_factory.mktemp("compose")
    (folder / "env").write_text(filled((ROOT / ".env.example").read_text(encoding="utf-8")), encoding="utf-8")
    port = free_port()
    project = Project(
        env={
            "COMPOSE_PROJECT_NAME": f"habrio-test-{secrets.token_hex(3)}",
            "COMPOSE_ENV_FILES": str(folder / "env"),
            "COMPOSE_PROFILES": "core",
            "HABRIO_PORT": str(port),
            "HABRIO_BIND": "127.0.0.1",
            "HABRIO_TAG": "test",
        },
        port=port,
    )
    try:
        project.compose("build", "--quiet", seconds=BUILD_SECONDS)
        yield project
    finally:
        project.compose("down", "--volumes", "--remove-orphans", "--timeout", "30")
