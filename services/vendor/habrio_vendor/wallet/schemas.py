"""The wallet on the wire."""

from __future__ import annotations

from pydantic import BaseModel

from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Answer, Instant
from habrio_vendor.wallet.rules import TransactionStatus, TransactionType


class BalanceOut(Answer):
    balance: RupeesOut


class Transaction(BaseModel):
    """`amount` is positive, `type` says which way; `reference` names its cause ("order:17"); `id` grows.

    A withdrawal is `pending` until it is at the bank, and `failed` when it is not going to be: then a credit of its own
    brought the money back.
    """

    id: int
    user_phone: str
    amount: RupeesOut
    type: TransactionType
    reference: str
    status: TransactionStatus
    created_at: Instant


class HistoryOut(Answer):
    transactions: list[Transaction]
    next_cursor: int | None
