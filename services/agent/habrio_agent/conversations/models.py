"""Conversations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_agent.database import Model
from habrio_shared.database import BigId, UtcDateTime, db_now


class Conversation(Model):
    """One a user. `erasures` counts how often it was erased: what was asked before is not kept afterwards."""

    __tablename__ = "conversations"

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    erasures: Mapped[int] = mapped_column(BigInteger, default=0)


class Turn(Model):
    """A question and its answer, as they were said; what tools had read for it is not kept."""

    __tablename__ = "turns"
    __table_args__ = (Index(None, "user_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now(), index=True)
