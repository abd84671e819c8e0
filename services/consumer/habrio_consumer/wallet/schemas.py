"""The wallet on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from habrio_consumer.wallet.rules import Source, TransactionType
from habrio_shared.money import Rupees, RupeesOut
from habrio_shared.schemas import Answer, Body, Instant, Text


class LoadIn(Body):
    amount: Rupees = Field(examples=[500])
    reference: Annotated[Text, Field(max_length=100)] = ""


class BalanceOut(Answer):
    balance: RupeesOut


class LoadedOut(BalanceOut):
    """`payment_id`: what to ask for when a payment is under way (202)."""

    message: str
    payment_id: str


class Transaction(BaseModel):
    """`amount` is positive, `type` says which way; `source` is what moved it, `reference` which one; `id` grows."""

    id: int
    user_phone: str
    amount: RupeesOut
    type: TransactionType
    reference: str
    status: Literal["success"] = "success"
    source: Source
    created_at: Instant


class HistoryOut(Answer):
    transactions: list[Transaction]
    next_cursor: int | None
