"""Which revision a service's database is at, and which one its code wants."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from habrio_shared.database import reading


@cache
def heads(migrations: Path) -> frozenset[str]:
    """The newest revisions in the folder `migrations`."""
    return frozenset(ScriptDirectory(str(migrations)).get_heads())


def is_at_head(migrations: Path) -> bool:
    """Whether the current app's database is at the newest revision; False too when it cannot be asked."""
    try:
        with reading() as session:
            current = MigrationContext.configure(session.connection()).get_current_heads()
    except SQLAlchemyError:
        return False
    return frozenset(current) == heads(migrations)
