"""One-time passwords in clear, for developers and tests, in a table that no migration makes.

It is made when a development or testing stack sends its first code; production has neither the table nor this route.
"""

from __future__ import annotations

from functools import cache

from flask import current_app
from sqlalchemy import Column, Engine, MetaData, Table, Text, select
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from habrio_shared.database import reading

metadata = MetaData()

shown_otps = Table(
    "test_support_otps",
    metadata,
    Column("phone", Text, primary_key=True),
    Column("code", Text, nullable=False),
)


def prepare() -> None:
    """Make the table unless it is there; before a transaction, for it is a transaction of its own."""
    _make_table(current_app.extensions["sqlalchemy"].engine)


def show(session: Session, phone: str, code: str) -> None:
    """Keep the newest code of `phone` where `shown` finds it; in the transaction that makes the code valid."""
    session.execute(shown_otps.delete().where(shown_otps.c.phone == phone))
    session.execute(shown_otps.insert().values(phone=phone, code=code))


def shown(phone: str) -> str | None:
    """The newest code of `phone` (E.164), if one was sent."""
    prepare()
    with reading() as session:
        return session.execute(select(shown_otps.c.code).where(shown_otps.c.phone == phone)).scalar_one_or_none()


@cache
def _make_table(engine: Engine) -> None:
    try:
        metadata.create_all(engine)
    except (IntegrityError, ProgrammingError):
        metadata.create_all(engine)  # another process made it at the same moment: now it is found
