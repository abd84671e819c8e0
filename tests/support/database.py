"""A service's application on a fresh, migrated database of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from habrio_local.databases import Databases
from habrio_shared.migrations.cli import upgrade
from tests.support.stack import GENEROUS, Servers

ROOT = Path(__file__).resolve().parents[2]

SECRETS = {
    "JWT_SECRET": "a-secret-that-signs-tokens-in-tests-and-nowhere-else",
    "INTERNAL_SECRET": "a-secret-for-calls-between-services-in-tests",
    "OTP_PEPPER": "the-pepper-of-one-time-passwords-in-tests",
    "SECRET_KEY": "5e" * 32,
    "DATA_KEY": "da" * 32,
    "OPENAI_API_KEY": "the-key-of-a-model-in-tests",
}


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """These variables and no other settings, inside."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def service_app(
    servers: Servers,
    create_app: Callable[[], Flask],
    service: str,
    *,
    databases: Databases | None = None,
    **settings: str,
) -> Flask:
    """The service's app in APP_ENV=testing on a new database, at the newest revision; `settings` in upper case.

    `databases`, from `servers.fresh_database()`: where the test wants to look at the database in other ways too.
    """
    databases = databases or servers.fresh_database()
    given = {
        "APP_ENV": "testing",
        "DATABASE_URL": databases.urls[service],
        "REDIS_URL": servers.redis_url,
        "RATELIMIT_STORAGE_URL": "memory://",
        "LOG_FORMAT": "text",
        **GENEROUS,
        **SECRETS,
        **settings,
    }
    with environment(given):
        app = create_app()
    upgrade(app, ROOT / "services" / service)
    return app
