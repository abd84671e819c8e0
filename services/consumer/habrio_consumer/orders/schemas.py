"""Orders on the wire, as their consumer sees them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from habrio_consumer.issues.schemas import IssueData
from habrio_consumer.orders.rules import OrderStatus, PaymentStatus
from habrio_consumer.ratings.schemas import RatingData
from habrio_consumer.returns.schemas import ReturnData
from habrio_shared.contracts.orders import Actor, PaymentMode
from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Answer, Body, Instant, PagedQuery, Text


class ConfirmIn(Body):
    payment_mode: PaymentMode = "cash"
    delivery_notes: Annotated[Text, Field(max_length=500)] = ""


class CancelIn(Body):
    reason: Annotated[Text, Field(max_length=500)] = ""


class HistoryQuery(PagedQuery):
    cap: ClassVar[int] = 200
    default: ClassVar[int] = 200


class Placed(Answer):
    message: str
    order_id: int


class Cancelled(Answer):
    """`refund` is what came back to the wallet: 0 for a cash order, null while the vendor has not answered (202)."""

    message: str
    refund: RupeesOut | None


class Confirmed(Answer):
    """`refund` is what came back to the wallet: 0 for a cash order, null while the vendor has not answered (202)."""

    message: str
    refund: RupeesOut | None


class LineData(BaseModel):
    item_id: int
    name: str
    unit: str
    quantity: int
    unit_price: RupeesOut
    subtotal: RupeesOut


class OrderData(BaseModel):
    """`total_amount` is what was charged, `final_amount` what is to be paid.

    While a change waits for your confirmation the two differ, and `items` are the proposal.
    """

    order_id: int
    shop_id: int
    shop_name: str
    shop_type: str
    payment_mode: PaymentMode
    payment_status: PaymentStatus
    status: OrderStatus
    total_amount: RupeesOut
    final_amount: RupeesOut
    delivery_notes: str
    created_at: Instant
    item_count: int
    items: list[LineData]


class Step(BaseModel):
    status: str
    by: Actor
    at: Instant


class OneOrderData(OrderData):
    """`returns`, `issues` and `rating` are what followed a delivery."""

    timeline: list[Step]
    returns: list[ReturnData]
    issues: list[IssueData]
    rating: RatingData | None


class OneOrderOut(Answer):
    order: OneOrderData


class HistoryOut(Answer):
    orders: list[OrderData]
    next_cursor: int | None
