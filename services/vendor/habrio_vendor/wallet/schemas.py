"""The wallet on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from habrio_shared.contracts.wallets import WalletAdjusted
from habrio_shared.money import PAISE_PER_RUPEE, RUPEES_MAX, RupeesOut
from habrio_shared.schemas import Answer, Body, Id, Instant, Line
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


PAISE_MAX = RUPEES_MAX * PAISE_PER_RUPEE


def _not_nothing(amount_paise: int) -> int:
    if amount_paise == 0:
        raise ValueError("must not be 0")
    return amount_paise


class AdjustIn(Body):
    """`amount_paise` is given to the wallet, or taken from it when negative; `id` makes sure that it happens once."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]
    user_id: Id
    amount_paise: Annotated[int, Field(ge=-PAISE_MAX, le=PAISE_MAX), AfterValidator(_not_nothing)]
    reason: Annotated[Line, Field(min_length=1)]


class AdjustedOut(Answer, WalletAdjusted):
    pass
