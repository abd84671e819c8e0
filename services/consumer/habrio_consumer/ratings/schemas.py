"""Ratings on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from habrio_shared.contracts.ratings import Stars
from habrio_shared.schemas import Answer, Body, Text


class RateIn(Body):
    rating: Stars
    review: Annotated[Text, Field(max_length=500)] = ""


class RatingData(BaseModel):
    order_id: int
    rating: int
    review: str


class RatedOut(Answer):
    message: str
    rating: RatingData
