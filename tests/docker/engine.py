"""Docker as the tests use it: one engine, and projects of Compose that are gone when a test is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILD_SECONDS = 1800
APPUSER = 10001


@cache
def why_none() -> str:
    """Why no test here can run containers; "" when an engine answers."""
    if shutil.which("docker") is None:
        return "there is no docker on this machine"
    asked = subprocess.run(["docker", "info"], capture_output=True, text=True, check=False, timeout=60)
    return "" if asked.returncode == 0 else f"no engine answers `docker info`: {asked.stderr.strip()[:200]}"


def docker(*arguments: str, env: Mapping[str, str] | None = None, fails: bool = False, seconds: float = 300) -> str:
    """What the command printed to both; AssertionError when it ends otherwise than expected."""
    done = subprocess.run(
        ["docker", *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=seconds,
    )
    assert (done.returncode != 0) == fails, f"docker {' '.join(arguments)}: {done.returncode}\n{done.stdout[-6000:]}"
    return done.stdout


@dataclass
class Project:
    """docker-compose.yml under a name, with settings and a published port of its own."""

    env: dict[str, str]
    port: int

    @property
    def name(self) -> str:
        return self.env["COMPOSE_PROJECT_NAME"]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def compose(self, *arguments: str, fails: bool = False, seconds: float = 600) -> str:
        return docker("compose", *arguments, env=self.env, fails=fails, seconds=seconds)

    def up(self, *arguments: str) -> None:
        """Everything runs and is healthy, or AssertionError with the last words of all."""
        try:
            self.compose("up", "--detach", "--wait", "--wait-timeout", "240", *arguments)
        except AssertionError as error:
            raise AssertionError(
                f"{error}\n{self.compose('ps', '--all')}\n{self.compose('logs', '--tail=15')}"
            ) from error

    def deploy(self, service: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "deploy/compose/deploy.sh", service],
            cwd=ROOT,
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            check=False,
            timeout=BUILD_SECONDS,
        )

    def containers(self, service: str) -> set[str]:
        return set(self.compose("ps", "--quiet", service).split())

    def left(self) -> str:
        """Whatever of this project the engine still has."""
        label = f"label=com.docker.compose.project={self.name}"
        return "".join(
            docker(*what, "--quiet", "--filter", label)
            for what in (("ps", "--all"), ("volume", "ls"), ("network", "ls"))
        )


def inspect(container: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(docker("inspect", container))[0]
    return found


def added_megabytes(image: str) -> float:
    """How much larger an image is than the Python image that it begins with, which is not ours to shrink."""
    sizes = [int(docker("image", "inspect", "--format", "{{.Size}}", name)) for name in (image, "python:3.12-slim")]
    return (sizes[0] - sizes[1]) / 1e6
