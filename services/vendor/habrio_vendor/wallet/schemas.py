"""The wallet on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Answer, Instant


class BalanceOut(Answer):
    balance: RupeesOut


class Transaction(BaseModel):
    """`amount` is positive, `type` says which way; `reference` names its cause ("order:17"); `id` grows."""

    id: int
    user_phone: str
    amount: RupeesOut
    type: Literal["credit", "debit", "withdrawal"]
    reference: str
    status: Literal["success"] = "success"
    created_at: Instant


class HistoryOut(Answer):
    transactions: list[Transaction]
    next_cursor: int | None
