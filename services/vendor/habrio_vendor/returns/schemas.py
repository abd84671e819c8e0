"""Returns on the wire, as the vendor sees them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from habrio_shared.contracts.orders import Actor, ReturnStatus
from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Body, Id, Instant, KeptEmpty, Text


class LineIn(Body):
    item_id: Id
    quantity: int = Field(ge=1)


class InitiateIn(Body):
    """Items that are not named stay with the consumer."""

    reason: Annotated[Text, Field(min_length=1, max_length=500), KeptEmpty()]
    items: list[LineIn] = Field(min_length=1, max_length=1000)


class ReturnLineData(BaseModel):
    item_id: int
    quantity: int


class ReturnData(BaseModel):
    """`number` counts the order's returns; `by` asked for it; `refund` is what went back to the consumer's wallet."""

    number: int
    status: ReturnStatus
    by: Actor
    reason: str
    items: list[ReturnLineData]
    refund: RupeesOut
    created_at: Instant
