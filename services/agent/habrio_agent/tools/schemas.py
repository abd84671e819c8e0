"""What a model may fill in when it calls a tool: words to look for, ids, and little else. None of it is an address."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from habrio_shared.schemas import Id, Text

Words = Annotated[Text, Field(min_length=1, max_length=100)]
Listed = Annotated[int, Field(ge=1, le=20)]

OrderStatus = Literal[
    "pending",
    "accepted",
    "rejected",
    "awaiting_consumer_confirmation",
    "confirmed",
    "delivered",
    "cancelled",
    "return_accepted",
    "return_completed",
]


class Arguments(BaseModel):
    """Unknown fields are ignored; a field of the wrong type is an error that the model is told of."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class Nothing(Arguments):
    """A tool that needs to be told nothing."""


class ShopsWanted(Arguments):
    status: Literal["open", "closed"] | None = Field(default=None, description="left out: both")
    type: Words | None = Field(default=None, description="part of the shop's type, for example grocery")


class ItemsWanted(Arguments):
    words: Words = Field(description="one thing to look for, for example rice")


class ShopItemsWanted(Arguments):
    shop_id: Id
    words: Words | None = Field(default=None, description="left out: the newest items")


class OrdersWanted(Arguments):
    limit: Listed = 5


class OrderWanted(Arguments):
    order_id: Id


class MyItemsWanted(Arguments):
    words: Words | None = Field(default=None, description="part of title, brand, SKU or tags; left out: the newest")
    limit: Listed = 20


class ShopOrdersWanted(Arguments):
    status: OrderStatus | None = Field(default=None, description="left out: all")
    limit: Listed = 10
