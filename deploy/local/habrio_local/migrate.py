"""`python -m habrio_local.migrate`: all services' databases to the newest revision, in one process.

What to do comes in HABRIO_MIGRATE: {service: its environment}. Ends by making the administrator, if there is to be one.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from click import ClickException
from sqlalchemy.exc import OperationalError

from habrio_local.plan import folder
from habrio_shared.migrations.cli import upgrade


def migrate(work: Mapping[str, Mapping[str, str]]) -> None:
    """Bring each service's database to head, unless it is there; make the administrator by auth's own command."""
    for service, environ in work.items():
        with _environment(environ):
            app = import_module(f"habrio_{service}.app").create_app()
            if upgrade(app, folder(service)):
                print(f"{service}: migrated")
            if service == "auth" and environ.get("ADMIN_PHONE"):
                _create_admin(app, environ["ADMIN_PHONE"])


def _create_admin(app: Any, phone: str) -> None:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["create-admin", phone])
    print(result.output.strip())
    if result.exit_code != 0:
        raise ClickException(f"flask create-admin failed: {result.output.strip() or result.exception}")


@contextmanager
def _environment(environ: Mapping[str, str]) -> Iterator[None]:
    """The process's environment as that service would have it, so that its settings read only what is its own."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def main() -> int:
    work = json.loads(os.environ.pop("HABRIO_MIGRATE"))
    try:
        migrate(work)
    except ClickException as error:
        print(error.message, file=sys.stderr)
        return 1
    except OperationalError as error:
        print(f"the database: {error.orig}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
