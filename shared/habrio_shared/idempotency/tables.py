"""The table of idempotency keys, one in the schema of each service that accepts them (API.md, "retries")."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Integer, MetaData, Table, Text

from habrio_shared.database import NAMING_CONVENTION, UtcDateTime

metadata = MetaData(naming_convention=NAMING_CONVENTION)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("method", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("body_sha256", Text, nullable=False),
    Column("subject", Text, index=True),
    Column("answer", JSON(none_as_null=True)),
    Column("status", Integer),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)
"""`answer` and `status` are null only while the claiming transaction runs. `subject` names what the key made
("order:17"), so that who undoes it later, without the request, can forget the key."""
