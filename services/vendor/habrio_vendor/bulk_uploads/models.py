"""Uploads and the rows of theirs that were no items."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Identity, Index, Integer, SmallInteger, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model

UploadState = Literal["accepted", "running", "done", "failed"]
UNFINISHED: tuple[UploadState, ...] = ("accepted", "running")
IS_UNFINISHED = sql("state IN ('accepted', 'running')")


class BulkUpload(Model):
    """One file of a shop: the same content sent again is the same upload.

    `position` is the number of the last row dealt with, as the spreadsheet counts; it moves in the transaction that
    stores the rows before it, so whoever goes on, goes on behind it. Whoever works on the upload holds it until
    `lease_until` by the database's clock; `tries` counts how often it was begun since it last moved. `has_file`: its
    file may still be stored.
    """

    __tablename__ = "bulk_uploads"
    __table_args__ = (
        UniqueConstraint("shop_id", "sha256"),
        CheckConstraint("ending IN ('csv', 'xls', 'xlsx')", name="ending"),
        CheckConstraint("state IN ('accepted', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("(ended_at IS NULL) = (state IN ('accepted', 'running'))", name="ended_iff_over"),
        CheckConstraint("rows_read = created + updated + bad", name="every_row_counted_once"),
        Index(
            "ix_bulk_uploads_unfinished",
            "shop_id",
            "id",
            postgresql_where=IS_UNFINISHED,
            sqlite_where=IS_UNFINISHED,
        ),
        Index("ix_bulk_uploads_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id"))
    sha256: Mapped[str] = mapped_column(Text)
    ending: Mapped[str] = mapped_column(Text)
    state: Mapped[UploadState] = mapped_column(Text, default="accepted")
    message: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(Integer, default=0)
    rows_read: Mapped[int] = mapped_column(Integer, default=0)
    created: Mapped[int] = mapped_column(Integer, default=0)
    updated: Mapped[int] = mapped_column(Integer, default=0)
    bad: Mapped[int] = mapped_column(Integer, default=0)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime)
    has_file: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def file_key(self) -> str:
        """Where the storage has the file."""
        return f"bulk-uploads/{self.shop_id}/{self.sha256}"


class BadRow(Model):
    """A row that is no item: `problems` is a list of {"column": name or null, "reason": sentence}."""

    __tablename__ = "bulk_upload_bad_rows"

    upload_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("bulk_uploads.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    row: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
