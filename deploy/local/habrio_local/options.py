"""What the person may choose, from the environment (and `.env` in the checkout); read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from habrio_local.problem import Problem

AppEnv = Literal["development", "testing", "staging", "production"]
DatabaseKind = Literal["own", "postgresql", "sqlite"]
DEMO_ADMIN_PHONE = "9000000001"
POSTGRESQL_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")


@dataclass(frozen=True)
class Options:
    """`port` is None unless PORT was given; `database_url` and `redis_url` are "" when our own servers are wanted."""

    app_env: AppEnv = "development"
    bind: str = "127.0.0.1"
    port: int | None = None
    free_ports: bool = False
    workers: int = 1
    threads: int = 8
    database_url: str = ""
    redis_url: str = ""
    admin_phone: str = ""
    cors_allowed_origins: str = "*"
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def database(self) -> DatabaseKind:
        """Whose database: our own PostgreSQL, a PostgreSQL that DATABASE_URL names, or SQLite files."""
        if not self.database_url:
            return "own"
        return "sqlite" if self.database_url.startswith("sqlite:") else "postgresql"

    @property
    def door_host(self) -> str:
        """Where this machine itself reaches what listens on `bind`, as it stands in a URL."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.bind, self.bind)  # noqa: S104 — compared, not bound
        return f"[{host}]" if ":" in host else host

    @property
    def has_demo(self) -> bool:
        return self.app_env == "development"

    @classmethod
    def read(cls, environ: Mapping[str, str], *, free_ports: bool = False) -> Options:
        """Options from `environ`; an empty variable counts as not given. Raises Problem for a useless value."""
        given = {name: value for name, value in environ.items() if value}
        app_env = given.get("APP_ENV", "development")
        if app_env not in get_args(AppEnv):
            raise Problem(f"APP_ENV={app_env} is not one of {', '.join(get_args(AppEnv))}.")
        database_url = given.get("DATABASE_URL", "")
        if database_url and not database_url.startswith((*POSTGRESQL_SCHEMES, "sqlite:///")):
            raise Problem(
                "DATABASE_URL must begin with postgresql:// or sqlite:///; unset it to use our own PostgreSQL."
            )
        relaxed = app_env in ("development", "testing")
        return cls(
            app_env=cast(AppEnv, app_env),
            bind=given.get("BIND", "127.0.0.1"),
            port=_number(given, "PORT", 1, 65535) if "PORT" in given else None,
            free_ports=free_ports,
            workers=1 if database_url.startswith("sqlite:") else _number(given, "WORKERS", 1, 32, default=1),
            threads=_number(given, "THREADS", 1, 256, default=8),
            database_url=database_url,
            redis_url=given.get("REDIS_URL", ""),
            admin_phone=given.get("ADMIN_PHONE", DEMO_ADMIN_PHONE if relaxed else ""),
            cors_allowed_origins=given.get("CORS_ALLOWED_ORIGINS", "" if app_env == "production" else "*"),
            environ=given,
        )


def _number(given: Mapping[str, str], name: str, low: int, high: int, default: int | None = None) -> int:
    text = given.get(name, "" if default is None else str(default))
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise Problem(f"{name}={text} is not a number from {low} to {high}.")
    return int(text)
