"""Orders on the wire, as an administrator sees them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator

from habrio_shared.contracts.customers import IssueOfOrder, RatingOfOrder, SaidAboutOrder
from habrio_shared.contracts.orders import Actor, PaymentMode, ReturnLine, VendorOrderStatus
from habrio_shared.days import OurDay
from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Answer, Id, Instant, Line, PagedQuery

ListedStatus = Literal[
    "placing",
    "failed",
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
"""The public API's, and an order that is still being placed; one that `failed` is listed when asked for alone."""


class OrdersQuery(PagedQuery):
    """`since` and `until` are days of TIME_ZONE, both included."""

    status: ListedStatus | None = None
    user_id: Id | None = None
    shop_id: Id | None = None
    since: OurDay | None = None
    until: OurDay | None = None
    q: Line | None = Field(
        default=None, description="the order's number, or part of the shop's name, the consumer's name or phone"
    )

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("until must not be before since")
        return self


class OrderData(BaseModel):
    """`shop` is its name; `consumer` the phone. `total_amount` is what is charged, `final_amount` what is to be paid if
    the vendor's open proposal is confirmed."""

    id: int
    status: ListedStatus
    payment_mode: PaymentMode
    payment_status: str
    total_amount: RupeesOut
    final_amount: RupeesOut
    shop: str
    shop_id: int
    consumer: str
    consumer_id: int
    consumer_name: str
    created_at: Instant


class OrdersOut(Answer):
    orders: list[OrderData]
    next_cursor: int | None


class LineData(BaseModel):
    item_id: int
    name: str
    unit: str
    quantity: int
    proposed_quantity: int | None
    unit_price: RupeesOut


class StepData(BaseModel):
    status: str
    by: Actor
    at: Instant
    reason: str


class MoveData(BaseModel):
    """One posting: so much from one account to another."""

    entry_id: str
    kind: str
    src: str
    dst: str
    amount: RupeesOut
    at: Instant


class Movements(BaseModel):
    """What moved for the order, on the consumer's ledger and on the vendor's, oldest first."""

    consumer: list[MoveData]
    vendor: list[MoveData]


class MessageData(SaidAboutOrder):
    at: Instant


class IssueData(IssueOfOrder):
    created_at: Instant


class ReturnData(BaseModel):
    number: int | None
    status: str
    by: Actor
    reason: str
    items: list[ReturnLine]
    refund: RupeesOut
    created_at: Instant


class EventData(BaseModel):
    """A message from `service` to `target` that is not delivered yet."""

    service: str
    id: int
    key: str
    kind: str
    target: str
    attempts: int
    last_error: str | None
    created_at: Instant
    next_try_at: Instant


class VendorSideData(BaseModel):
    """The vendor's row, which decides every race about the order; `due_at` is when the timer ends it."""

    status: VendorOrderStatus
    version: int
    moved_by: Actor
    moved_at: Instant
    reason: str
    due_at: Instant | None
    total_amount: RupeesOut
    commission_basis_points: int


class WholeOrder(OrderData):
    """Everything about an order. `vendor_side` is null if the order never arrived there; `messages` are the newest 100,
    newest first; `events` are those in flight, of both services."""

    delivery_notes: str
    flat_number: str
    refusal: str
    items: list[LineData]
    timeline: list[StepData]
    vendor_side: VendorSideData | None
    money: Movements
    messages: list[MessageData]
    issues: list[IssueData]
    returns: list[ReturnData]
    rating: RatingOfOrder | None
    events: list[EventData]


class WholeOrderOut(Answer):
    order: WholeOrder
