"""What each process is told: only its own secrets, its own database, and where the others are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from habrio_local.databases import SERVICES, Databases
from habrio_local.home import Home
from habrio_local.options import Options
from habrio_local.ports import DEFAULT_PORTS, Ports

SECRETS_OF: Mapping[str, tuple[str, ...]] = {
    "gateway": ("JWT_SECRET", "JWT_PREVIOUS_SECRETS", "INTERNAL_SECRET", "OPENAI_API_KEY", "METRICS_TOKEN"),
    "auth": ("SECRET_KEY", "JWT_SECRET", "JWT_PREVIOUS_SECRETS", "INTERNAL_SECRET", "OTP_PEPPER"),
    "consumer": ("SECRET_KEY", "INTERNAL_SECRET"),
    "vendor": ("SECRET_KEY", "INTERNAL_SECRET", "DATA_KEY", "DATA_PREVIOUS_KEYS", "PAYOUT_PROVIDER_KEY"),
    "admin": ("SECRET_KEY", "INTERNAL_SECRET"),
    "agent": ("SECRET_KEY", "INTERNAL_SECRET", "OPENAI_API_KEY"),
}
"""The table of DESIGN.md §4: tokens are made and read by auth and the gateway alone."""

_ALL_SECRETS = frozenset(name for names in SECRETS_OF.values() for name in names)
_NOT_PASSED_ON = frozenset(
    {
        *("PORT", "BIND", "DATABASE_URL", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONHOME"),
        *("PROMETHEUS_MULTIPROC_DIR", "METRICS_PORT"),  # what only one process may have
    }
)
STACK_MARKER = "HABRIO_STACK"
"""In the environment of every process of a stack: whose it is. A later start finds by it what a crash left behind."""


@dataclass(frozen=True)
class Surroundings:
    """What the environments are made of."""

    home: Home
    options: Options
    ports: Ports
    secrets: Mapping[str, str]
    databases: Databases
    redis_url: str
    running: tuple[str, ...]
    """The services that run, in the order of SERVICES."""


def base(home: Home, environ: Mapping[str, str]) -> dict[str, str]:
    """The person's environment without what only some processes may know."""
    owners = ("", *(f"{part.upper()}_" for part in SECRETS_OF))
    secrets = {f"{owner}{name}" for owner in owners for name in _ALL_SECRETS | {"DATABASE_URL"}}
    hidden = secrets | {f"{name}_FILE" for name in secrets} | _NOT_PASSED_ON | {"AUTH_VIEW_URL"}
    kept = {name: value for name, value in environ.items() if name not in hidden}
    return {"PYTHONUNBUFFERED": "1", "LOG_FORMAT": "text", **kept, STACK_MARKER: str(home.root)}


def of_service(around: Surroundings, service: str) -> dict[str, str]:
    """The environment of a service, of its worker, and of `flask` in its folder."""
    options = around.options
    database = f"{service.upper()}_DATABASE_URL"
    own = {
        database: options.environ.get(database) or around.databases.urls[service],
        "BIND_ADDRESS": f"127.0.0.1:{around.ports[service]}",
    }
    if options.admin_phone and service == "auth":
        own["ADMIN_PHONE"] = options.admin_phone
    if service == "vendor":
        own["UPLOAD_FOLDER"] = options.environ.get("UPLOAD_FOLDER") or str(around.home.root / "uploads")
    if service == "agent":
        door = f"http://{options.door_host}:{around.ports['nginx']}"
        own["PLATFORM_URL"] = options.environ.get("PLATFORM_URL") or door
    return _common(around) | _secrets(around, service) | own


def of_gateway(around: Surroundings) -> dict[str, str]:
    """The environment of the gateway's Python process."""
    ports = {**DEFAULT_PORTS, **around.ports.by_name}
    own = {
        "AUTH_VIEW_URL": around.options.environ.get("AUTH_VIEW_URL") or around.databases.view_url,
        "BIND_ADDRESS": f"127.0.0.1:{around.ports['gateway']}",
        **{f"{name.upper()}_WORKER_URL": f"http://127.0.0.1:{ports[f'{name}-worker']}" for name in SERVICES},
    }
    return _common(around) | _secrets(around, "gateway") | own


def _common(around: Surroundings) -> dict[str, str]:
    options = around.options
    ports = {**DEFAULT_PORTS, **around.ports.by_name}
    urls = {f"{service.upper()}_URL": f"http://127.0.0.1:{ports[service]}" for service in SERVICES}
    return {
        **base(around.home, options.environ),
        **{name: options.environ.get(name) or url for name, url in urls.items()},
        "APP_ENV": options.app_env,
        "REDIS_URL": around.redis_url,
        "WORKERS": str(options.workers),
        "THREADS": str(options.threads),
    }


def _secrets(around: Surroundings, name: str) -> dict[str, str]:
    """A secret given as a variable or a file passes through as it came; the rest is generated."""
    environ = around.options.environ
    own = {f"{name.upper()}_{secret}" for secret in SECRETS_OF[name]}
    chosen = {given: environ[given] for given in own if environ.get(given)}
    for secret in SECRETS_OF[name]:
        if environ.get(f"{secret}_FILE"):
            chosen[f"{secret}_FILE"] = environ[f"{secret}_FILE"]
        elif secret in around.secrets:
            chosen[secret] = around.secrets[secret]
        elif environ.get(secret):
            chosen[secret] = environ[secret]
    return chosen
