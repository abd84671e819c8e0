"""The consumer service's database and the base class of its models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import DeclarativeBase

from habrio_shared.database import make_db

db = make_db()

if TYPE_CHECKING:

    class Model(DeclarativeBase):
        """What `db.Model` is to a type checker."""

else:
    Model = db.Model
