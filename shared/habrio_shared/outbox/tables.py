"""The outbox: messages to other services that this service's changes promised (DESIGN.md §6)."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Identity, Index, Integer, MetaData, Table, Text, text

from habrio_shared.database import NAMING_CONVENTION, BigId, UtcDateTime

metadata = MetaData(naming_convention=NAMING_CONVENTION)

_STILL_TO_DO = text("done_at IS NULL")

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, Identity(), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("body", JSON(none_as_null=True), nullable=False),
    Column("request_id", Text, nullable=False),
    Column("traceparent", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text),
    Column("done_at", UtcDateTime),
    Column("reply", JSON(none_as_null=True)),
    Index("ix_outbox_due", "next_try_at", postgresql_where=_STILL_TO_DO, sqlite_where=_STILL_TO_DO),
)
"""`next_try_at` is due time and lease in one: whoever works on a row has moved it into the future. A row is to be
delivered while `done_at` is null, whatever its id: ids are not handed out in the order of commits."""
