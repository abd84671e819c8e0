"""Whether a service's database has what its code needs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from habrio_shared.database import reading


@cache
def revisions(migrations: Path) -> tuple[frozenset[str], frozenset[str]]:
    """(the newest, all) revisions in the folder `migrations`."""
    script = ScriptDirectory(str(migrations))
    return frozenset(script.get_heads()), frozenset(found.revision for found in script.walk_revisions())


def has_what_we_need(migrations: Path) -> bool:
    """Whether the current app's database is at the newest revision, or at one that only a later release knows.

    A later release's migrations come before its code, and only add (ADR 0025): what runs goes on. False too when the
    database cannot be asked.
    """
    try:
        with reading() as session:
            current = frozenset(MigrationContext.configure(session.connection()).get_current_heads())
    except SQLAlchemyError:
        return False
    newest, known = revisions(migrations)
    return current == newest or not current <= known
