"""The inbox: messages of other services whose effect is in this service's tables (DESIGN.md §6)."""

from __future__ import annotations

from sqlalchemy import JSON, Column, MetaData, Table, Text

from habrio_shared.database import NAMING_CONVENTION, UtcDateTime

metadata = MetaData(naming_convention=NAMING_CONVENTION)

inbox = Table(
    "inbox",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reply", JSON(none_as_null=True)),
    Column("received_at", UtcDateTime, nullable=False),
)
"""Rows stay for ever: a sender may repeat a message after any time. `reply` is null only while the handler runs."""
