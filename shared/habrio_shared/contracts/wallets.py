"""What the admin service asks of a service that keeps wallets: of the consumer's and of the vendor's alike."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from habrio_shared.money import RUPEES_MAX, to_paise
from habrio_shared.schemas import Body, Id, Required

ADJUST_PATH = "/internal/admin/wallets/adjust"
"""POST AdjustWallet, for the admin service → WalletOut. A balance never goes below 0: 400; may be repeated."""


def _not_nothing(paise: int) -> int:
    if paise == 0:
        raise ValueError("must not be 0")
    return paise


PaiseToMove = Annotated[int, Field(ge=-to_paise(RUPEES_MAX), le=to_paise(RUPEES_MAX)), AfterValidator(_not_nothing)]
"""A signed amount in paise, of at most 1,000,000 rupees; not 0."""


class AdjustWallet(Body):
    """Give to the wallet (or take from it, with a negative amount); `id` makes a repeat harmless."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]
    user_id: Id
    amount_paise: PaiseToMove
    reason: Required


class WalletOut(BaseModel):
    """The wallet after it."""

    user_id: int
    balance_paise: int
