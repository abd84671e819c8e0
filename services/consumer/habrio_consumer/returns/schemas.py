"""Returns on the wire, as their consumer sees them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from habrio_shared.contracts.orders import Actor, ReturnStatus
from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Answer, Body, Id, Instant, KeptEmpty, Text


class LineIn(Body):
    item_id: Id
    quantity: int = Field(ge=1)


class RaiseIn(Body):
    """Items that are not named are kept."""

    reason: Annotated[Text, Field(min_length=1, max_length=500), KeptEmpty()]
    items: list[LineIn] = Field(min_length=1, max_length=1000)


class Raised(Answer):
    message: str
    return_id: int


class ReturnLineData(BaseModel):
    item_id: int
    quantity: int


class ReturnData(BaseModel):
    """`number` counts the order's returns, null until the shop knows of it; `by` asked for it.

    `refund` is what came back to the wallet: 0 until it is completed, and for a cash order.
    """

    id: int
    number: int | None
    status: ReturnStatus
    by: Actor
    reason: str
    items: list[ReturnLineData]
    refund: RupeesOut
    created_at: Instant
