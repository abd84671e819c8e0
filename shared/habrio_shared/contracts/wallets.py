"""What may move in a wallet at an administrator's word: in the consumer's service and in the vendor's alike."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from habrio_shared.money import RUPEES_MAX, to_paise


def _not_nothing(paise: int) -> int:
    if paise == 0:
        raise ValueError("must not be 0")
    return paise


PaiseToMove = Annotated[int, Field(ge=-to_paise(RUPEES_MAX), le=to_paise(RUPEES_MAX)), AfterValidator(_not_nothing)]
"""A signed amount in paise, of at most 1,000,000 rupees; not 0."""
