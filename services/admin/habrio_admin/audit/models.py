"""The audit log and the head of its chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_admin.audit.rules import Content, Link, Step
from habrio_admin.database import Model
from habrio_shared.database import BigId, UtcDateTime

_ASKED, _ENDED = text("step = 'asked'"), text("step <> 'asked'")


class AuditEntry(Model):
    """One step of one act; triggers keep these rows from change. `number` has no gaps.

    `given` is what was asked for ({"role": "vendor"}), `target` what it touches ("user:7"). `before` and `after` are
    what the owner of it said, amounts in whole paise: null while an act is only asked for, and when it was refused.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        CheckConstraint("step IN ('asked', 'done', 'refused')", name="step"),
        CheckConstraint("(step = 'done') = (after IS NOT NULL)", name="done_says_what"),
        CheckConstraint("(step = 'refused') = (refusal IS NOT NULL)", name="refused_says_why"),
        Index("uq_audit_log_asked", "act_id", unique=True, postgresql_where=_ASKED, sqlite_where=_ASKED),
        Index("uq_audit_log_ended", "act_id", unique=True, postgresql_where=_ENDED, sqlite_where=_ENDED),
        Index("ix_audit_log_target_number", "target", "number"),
        Index("ix_audit_log_admin_id_number", "admin_id", "number"),
        Index("ix_audit_log_action_number", "action", "number"),
    )

    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    act_id: Mapped[str] = mapped_column(Text)
    step: Mapped[Step] = mapped_column(Text)
    admin_id: Mapped[int] = mapped_column(BigId)
    admin_phone: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    given: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    request_id: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    previous_hash: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text, unique=True)

    def link(self) -> Link:
        """The row as a link of the chain."""
        names = Content.__dataclass_fields__
        return Link(Content(**{name: getattr(self, name) for name in names}), self.hash)


class AuditHead(Model):
    """The one row that says where the chain ends; its lock puts entries in order."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(Text)
