"""Questions on the wire, and the shape in which the model gives an answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from habrio_agent.questions.rules import SUGGESTIONS_MAX, SUGGESTIONS_MIN
from habrio_shared.schemas import Answer, Body, KeptEmpty, Paragraph


class QueryIn(Body):
    query: Annotated[Paragraph, Field(min_length=1), KeptEmpty()]


class Answered(Answer):
    """`suggestions`: what the person may want to ask or do next, in words of this conversation."""

    answer: str
    suggestions: list[str] = Field(min_length=SUGGESTIONS_MIN, max_length=SUGGESTIONS_MAX)


class GiveAnswer(BaseModel):
    """What the model calls to end its turn; anything else that it says is no answer."""

    answer: str = Field(description="what to tell the person, in their language, as plain text")
    suggestions: list[str] = Field(
        description=f"{SUGGESTIONS_MIN} to {SUGGESTIONS_MAX} short questions that this person may want to ask next,"
        " each made from this conversation"
    )
