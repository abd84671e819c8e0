"""What runs, as data: the gateway, the services that this checkout has, and their workers."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from habrio_local import environment
from habrio_local.databases import SERVICES
from habrio_local.environment import Surroundings
from habrio_local.home import CHECKOUT
from habrio_local.process import ALL_OF_IT, Process

BEAT_SERVICES = ("consumer", "agent")
"""Their workers also run Celery's beat: the platform's clock, and the agent's own, for not every platform has one."""


def services_here(environ: Mapping[str, str], checkout: Path = CHECKOUT) -> tuple[str, ...]:
    """The services to run: those whose folder exists; the agent only with OPENAI_API_KEY (API.md, "Agent service")."""
    return tuple(
        name
        for name in SERVICES
        if (folder(name, checkout) / f"habrio_{name}" / "app.py").exists()
        and (name != "agent" or environ.get("OPENAI_API_KEY") or environ.get("OPENAI_API_KEY_FILE"))
    )


def folder(service: str, checkout: Path = CHECKOUT) -> Path:
    return checkout / "services" / service


def applications(around: Surroundings, checkout: Path = CHECKOUT) -> list[Process]:
    """The gateway and the services: what answers requests."""
    services = [
        _gunicorn(around, service, folder(service, checkout), environment.of_service(around, service))
        for service in around.running
    ]
    return [_gunicorn(around, "gateway", checkout / "gateway", environment.of_gateway(around)), *services]


def workers(around: Surroundings, checkout: Path = CHECKOUT) -> list[Process]:
    """A worker for each service that has tasks."""
    return [
        worker(around, service, name=f"{service}-worker", checkout=checkout)
        for service in around.running
        if (folder(service, checkout) / "celery_app.py").exists()
    ]


def worker(around: Surroundings, service: str, *, name: str, checkout: Path = CHECKOUT) -> Process:
    """A service's Celery worker, with the outbox relay inside."""
    command = [
        *(sys.executable, "-m", "celery", "-A", "celery_app", "worker"),
        *("--loglevel", "info", "--pool", "threads", "--concurrency", "4"),
        *("--hostname", f"{name}@%h", "--without-gossip", "--without-mingle"),
    ]
    env = environment.of_service(around, service)
    is_the_platforms = name == f"{service}-worker"
    if is_the_platforms:
        env |= {"METRICS_BIND": "127.0.0.1", "METRICS_PORT": str(around.ports[name])}
    if is_the_platforms and service in BEAT_SERVICES:
        command.append("--beat")
    return Process(
        name=name,
        command=tuple(command),
        cwd=folder(service, checkout),
        env=env,
        stop_timeout_seconds=15,
        port_name=name if is_the_platforms else "",
        noise=("superuser privileges",),
    )


def migration(around: Surroundings, checkout: Path = CHECKOUT) -> Process:
    """All migrations in one process; it gets every running service's environment, and ends by itself."""
    work = {name: environment.of_service(around, name) for name in around.running}
    env = environment.base(around.home, around.options.environ) | {"HABRIO_MIGRATE": json.dumps(work)}
    return Process("migrate", (sys.executable, "-m", "habrio_local.migrate"), checkout, env, noise=ALL_OF_IT)


def _gunicorn(around: Surroundings, name: str, cwd: Path, env: Mapping[str, str]) -> Process:
    return Process(
        name=name,
        command=(
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "python:habrio_shared.gunicorn_conf",
            f"habrio_{name}.app:create_app()",
        ),
        cwd=cwd,
        env={**env, "PROMETHEUS_MULTIPROC_DIR": str(around.home.root / "metrics" / name)},
        stop_timeout_seconds=20,
        port_name=name,
        listens=env["BIND_ADDRESS"],
    )
