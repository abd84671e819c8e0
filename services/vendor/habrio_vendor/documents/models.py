"""Vendors' documents: links and uploaded files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_shared.contracts.kyc import ReviewStatus
from habrio_shared.database import BigId, UtcDateTime, db_now
from habrio_vendor.database import Model
from habrio_vendor.documents.rules import FileKind

FILE_IS_COMPLETE = " AND ".join(
    f"(file_key IS NULL) = ({column} IS NULL)" for column in ("file_kind", "size_bytes", "sha256")
)


class Document(Model):
    """A document of a vendor (auth's user id, with or without a profile): either a link or a file that we keep.

    `file_key` names the file in the storage (clients/storage.py) and `file_kind` is what its content was found to be.
    `reason` is the reviewer's.
    """

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("(file_url IS NULL) <> (file_key IS NULL)", name="link_or_file"),
        CheckConstraint(FILE_IS_COMPLETE, name="file_is_complete"),
        CheckConstraint("file_kind IN ('pdf', 'jpeg', 'png')", name="file_kind"),
        CheckConstraint("status IN ('pending', 'approved', 'rejected')", name="status"),
        CheckConstraint("(status = 'pending') = (reviewed_at IS NULL)", name="reviewed"),
        Index("ix_documents_vendor_id_id", "vendor_id", "id"),
        Index("ix_documents_status_id", "status", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    vendor_id: Mapped[int] = mapped_column(BigId)
    document_type: Mapped[str] = mapped_column(Text)
    file_url: Mapped[str | None] = mapped_column(Text)
    file_key: Mapped[str | None] = mapped_column(Text, unique=True)
    file_kind: Mapped[FileKind | None] = mapped_column(Text)
    size_bytes: Mapped[int | None] = mapped_column(Integer)
    sha256: Mapped[str | None] = mapped_column(Text)
    status: Mapped[ReviewStatus] = mapped_column(Text, default="pending")
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
