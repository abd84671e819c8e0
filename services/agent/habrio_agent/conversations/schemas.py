"""Conversations on the wire."""

from __future__ import annotations

from pydantic import BaseModel

from habrio_shared.schemas import Answer, Instant


class TurnData(BaseModel):
    id: int
    question: str
    answer: str
    created_at: Instant


class ConversationOut(Answer):
    turns: list[TurnData]
    next_cursor: int | None


class Erased(Answer):
    """`erased`: how many questions, with their answers, are gone."""

    message: str
    erased: int
