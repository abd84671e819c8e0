"""The admin service's own database object."""

from habrio_shared.database import make_db

db = make_db()
