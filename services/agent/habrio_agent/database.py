"""The agent service's database and the base class of its models."""

from __future__ import annotations

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from habrio_shared.database import NAMING_CONVENTION


class Model(DeclarativeBase):
    """A table of the agent service."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


db = SQLAlchemy(model_class=Model)
