"""`habrio backup` and `habrio restore`: the scripts of `deploy/postgres` on the local stack, and its secrets."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from habrio_local import environment, postgres
from habrio_local.environment import Surroundings
from habrio_local.home import CHECKOUT, Home
from habrio_local.problem import Problem

SCRIPTS = CHECKOUT / "deploy" / "postgres"
SECRETS = "secrets.json"
NOT_OURS = (
    "This is for the stack's own PostgreSQL. deploy/postgres/backup.sh and restore.sh do it for the database that"
    " DATABASE_URL names; of SQLite copy the files while nothing runs."
)


def save(around: Surroundings, target: Path) -> None:
    """A backup in the new folder `target`, while the stack runs. Raises Problem."""
    _run("backup.sh", target, _environ(around))
    shutil.copyfile(around.home.secrets_file, target / SECRETS)
    (target / SECRETS).chmod(0o600)


def prepare(home: Home, source: Path) -> None:
    """Make a home that begins with the secrets of the backup. Raises Problem when `home` has data already."""
    if not (source / "database.dump").exists():
        raise Problem(f"{source} is no backup: it has no database.dump.")
    if any((place / "postgres" / "PG_VERSION").exists() for place in (home.root, home.private_place)):
        raise Problem(f"{home.root} has data already. Choose another HABRIO_HOME, or `make clean` first.")
    home.make()
    if (source / SECRETS).exists():
        shutil.copyfile(source / SECRETS, home.secrets_file)
        home.secrets_file.chmod(0o600)


def put_back(around: Surroundings, source: Path) -> None:
    """The backup in place of what the first migration of a new stack has made. Raises Problem."""
    _run("restore.sh", source, {**_environ(around), "REPLACE": "yes"})


def _environ(around: Surroundings) -> dict[str, str]:
    password = around.secrets["POSTGRES_PASSWORD"]
    server = conninfo_to_dict(postgres.admin_url(around.ports["postgres"], password, postgres.DATABASE))
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    return {
        "PATH": os.environ.get("PATH", ""),
        **{variable: str(server[name]) for name, variable in names.items()},
        "PG_BIN": str(postgres.client_programs()),
        "UPLOAD_FOLDER": environment.of_service(around, "vendor")["UPLOAD_FOLDER"],
    }


def _run(script: str, folder: Path, environ: Mapping[str, str]) -> None:
    done = subprocess.run(
        ["sh", str(SCRIPTS / script), str(folder)], env=dict(environ), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Problem(f"{script} failed: {done.stderr.strip()}")
