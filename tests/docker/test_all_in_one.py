"""The whole platform in one container, by the lines that the README gives."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from tests.docker.engine import APPUSER, added_megabytes, docker, inspect
from tests.e2e import journey
from tests.support.waiting import until

READ_ONLY = ("--read-only", "--tmpfs", "/tmp")
README_LINE = ("-e", "SECRET_KEY=changeme", "-e", "DATABASE_URL=sqlite:///data.db")
STRONG = ("-e", f"SECRET_KEY={secrets.token_hex(32)}", "-e", "NOTIFY_URL=none")


@contextmanager
def running(image: str, *options: str) -> Iterator[str]:
    """A container that is healthy; stopped orderly and removed afterwards, with its unnamed volume."""
    name = f"habrio-test-{secrets.token_hex(4)}"
    docker("run", "--detach", "--name", name, "--publish", "127.0.0.1::80", *READ_ONLY, *options, image)
    try:
        until(
            lambda: docker("inspect", "-f", "{{.State.Health.Status}}", name).strip() != "starting",
            seconds=180,
            what="the container knows how it is",
        )
        assert docker("inspect", "-f", "{{.State.Health.Status}}", name).strip() == "healthy", docker("logs", name)
        yield name
        docker("stop", "--time", "60", name)
        assert inspect(name)["State"]["ExitCode"] == 0, docker("logs", "--tail", "30", name)
    finally:
        docker("rm", "--force", "--volumes", name)


def url_of(container: str) -> str:
    return f"http://{docker('port', container, '80/tcp').split()[0]}"


def test_the_readmes_line_gives_a_platform_and_says_what_is_wrong_with_it(all_in_one: str) -> None:
    with running(all_in_one, *README_LINE) as container:
        assert requests.get(f"{url_of(container)}/ready", timeout=10).status_code == 200
        said = docker("logs", container)
        assert "SECRET_KEY is weak" in said and "NOT USED" in said
        assert "NOBODY CAN SIGN IN" in said
        assert "LOST WITH THIS CONTAINER" in said
        assert docker("exec", container, "id", "-u").strip() == str(APPUSER)
        docker("exec", container, "touch", "/app/x", fails=True)
        assert requests.get(f"{url_of(container)}/test_support/otp/9000000003", timeout=10).status_code == 404


def test_data_and_secrets_outlive_the_container_in_a_volume(all_in_one: str) -> None:
    volume = f"habrio-test-{secrets.token_hex(4)}"
    kept = ("-v", f"{volume}:/data", *STRONG)
    try:
        with running(all_in_one, *kept) as container:
            assert "are kept in the volume" in docker("logs", container)
            assert "WARNING: SECRET_KEY" not in docker("logs", container)
            before = docker("exec", container, "sh", "-c", "sha256sum < /data/secrets.json; ls /data/*.db")
        with running(all_in_one, *kept) as container:
            assert docker("exec", container, "sh", "-c", "sha256sum < /data/secrets.json; ls /data/*.db") == before
    finally:
        docker("volume", "rm", "--force", volume)


def test_people_order_in_it(all_in_one: str) -> None:
    with running(all_in_one, "-e", "APP_ENV=development") as container:
        journey.run(url_of(container))


@pytest.mark.parametrize("given", [("-e", "APP_ENV=nonsense"), ("-e", "DATABASE_URL=mysql://x")])
def test_what_cannot_work_ends_at_once_with_a_sentence(all_in_one: str, given: tuple[str, ...]) -> None:
    said = docker("run", "--rm", *READ_ONLY, *given, all_in_one, fails=True)
    assert given[1].partition("=")[0] in said and "Traceback" not in said


def test_what_it_adds_to_python_is_bounded(all_in_one: str) -> None:
    assert added_megabytes(all_in_one) < 110
