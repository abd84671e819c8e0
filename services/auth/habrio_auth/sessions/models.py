"""Sessions: one row a log-in, which is also the family of its refresh tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_auth.database import Model
from habrio_shared.database import BigId, UtcDateTime, db_now


class UserSession(Model):
    """A log-in on one device, known to its tokens as `sid`.

    `refresh_hash` is of the one refresh token that is not spent yet.

    The row stays when it is revoked, so that its tokens are known for what they are. `seen_at` is the last log-in or
    refresh.
    """

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_user_id_id", "user_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    sid: Mapped[str] = mapped_column(Text, unique=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    device: Mapped[str] = mapped_column(Text)
    refresh_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
