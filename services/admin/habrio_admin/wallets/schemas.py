"""Adjustments on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from habrio_shared.money import SignedRupees
from habrio_shared.schemas import Body, Id, Required

Owner = Literal["consumer", "vendor"]


def _not_nothing(paise: int) -> int:
    if paise == 0:
        raise ValueError("must not be 0")
    return paise


class AdjustIn(Body):
    """Give to a wallet, or take from it with a negative amount; its owner reads the reason."""

    owner: Owner
    user_id: Id
    amount: Annotated[SignedRupees, AfterValidator(_not_nothing)] = Field(examples=[250, -99.5])
    reason: Required
