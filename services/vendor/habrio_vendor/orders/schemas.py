"""Orders on the wire, as the vendor sees them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from habrio_shared.contracts.orders import PaymentMode, VendorOrderStatus
from habrio_shared.contracts.shops import OrderSummary
from habrio_shared.money import RupeesOut
from habrio_shared.schemas import DAY_SCHEMA, ID_MAX, Answer, Body, Day, Id, Instant, PagedQuery, Text
from habrio_vendor.orders.rules import PaymentStatus
from habrio_vendor.returns.schemas import ReturnData

ListedStatus = Literal[
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
"""Every status of the public API; a filter by one that no order has finds nothing."""


ListedDay = Annotated[Day, Field(ge=date(1970, 1, 1), le=date(9998, 12, 31)), DAY_SCHEMA]


class OrdersQuery(PagedQuery):
    """Filters of a list of orders. `since` and `until` are days where the shops are, both included."""

    status: ListedStatus | None = None
    payment_mode: PaymentMode | None = None
    since: ListedDay | None = Field(default=None, description='the first day, "YYYY-MM-DD"')
    until: ListedDay | None = Field(default=None, description='the last day, "YYYY-MM-DD"')

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("until must not be before since")
        return self


class AdminOrdersQuery(PagedQuery):
    """Filters of the administrators' list of orders."""

    status: ListedStatus | None = None
    shop_id: int | None = Field(default=None, ge=1, le=ID_MAX)


class StatusIn(Body):
    status: Literal["accepted", "rejected", "delivered"]


class CancelIn(Body):
    reason: Annotated[Text, Field(max_length=500)] = ""


class Modification(Body):
    item_id: Id
    quantity: int = Field(ge=0)


class ModifyIn(Body):
    """Items that are not named stay as they are; 0 pieces: the item falls away."""

    modifications: list[Modification] = Field(min_length=1, max_length=1000)


class Modified(Answer):
    """`new_total` is what is to be paid once the consumer has confirmed."""

    message: str
    new_total: RupeesOut


class Cancelled(Answer):
    """`refund` is what goes back to the consumer's wallet: nothing for a cash order."""

    message: str
    refund: RupeesOut


class LineData(BaseModel):
    item_id: int
    name: str
    unit: str
    quantity: int
    unit_price: RupeesOut
    subtotal: RupeesOut


class OrderData(BaseModel):
    """`customer` is the phone number. `total_amount` is what was charged, `final_amount` what is to be paid.

    While a change waits for its consumer the two differ, and `items` are the proposal. `returns` change neither.
    """

    order_id: int
    customer: str
    customer_name: str
    flat_number: str
    society: str
    payment_mode: PaymentMode
    payment_status: PaymentStatus
    status: VendorOrderStatus
    total_amount: RupeesOut
    final_amount: RupeesOut
    delivery_notes: str
    created_at: Instant
    items: list[LineData]
    returns: list[ReturnData]


class OrdersOut(Answer):
    orders: list[OrderData]
    next_cursor: int | None


class AdminOrder(OrderSummary):
    placed_at: Instant


class AdminOrdersOut(Answer):
    orders: list[AdminOrder]
    next_cursor: int | None
