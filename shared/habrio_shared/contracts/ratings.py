"""What a consumer thought of a delivered order: told to the vendor service, which keeps the shop's average."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from habrio_shared.contracts.message import Message
from habrio_shared.contracts.users import Noted
from habrio_shared.schemas import Id

RATING_MIN, RATING_MAX = 1, 5

Stars = Annotated[int, Field(ge=RATING_MIN, le=RATING_MAX)]
"""1 to 5, 5 is best."""


class RateOrder(BaseModel):
    """An order's one rating."""

    order_id: Id
    rating: Stars


RATED = Message("orders.rated", sender="consumer", target="vendor", body=RateOrder, reply=Noted)
