"""Conversations on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from habrio_shared.schemas import Answer, Body, Instant, Paragraph


class MessageIn(Body):
    message: Annotated[Paragraph, Field(min_length=1)]


class MessageData(BaseModel):
    """`sender_phone` is "" where nobody acted but the clock or the platform."""

    id: int
    order_id: int
    sender_phone: str
    message: str
    timestamp: Instant


class MessagesOut(Answer):
    messages: list[MessageData]
    next_cursor: int | None
